import OrderStore
import Testing

@testable import OrderWorker

@Suite("P4: the one rule of order, as bookkeeping")
struct OutboxStreamsTests {
    @Test("the next event of a subject goes out when the one before it is confirmed, not sooner")
    func oneAtATime() {
        var streams = OutboxStreams<Int>()
        for number: Int64 in 1...2 { streams.add(row(number), isBlocked: false) }
        #expect(next(&streams) == 1)
        #expect(next(&streams) == nil)
        streams.confirmed(row(1))
        #expect(next(&streams) == 2)
    }

    @Test("a lost confirm: the event goes out again, then the next one")
    func lostConfirm() {
        var streams = OutboxStreams<Int>()
        for number: Int64 in 1...2 { streams.add(row(number), isBlocked: false) }
        #expect(next(&streams) == 1)
        streams.resend([row(1)])
        #expect(next(&streams) == 1)
        streams.confirmed(row(1))
        #expect(next(&streams) == 2)
    }

    @Test("numbers that are another lane's are waited for, though this lane's row before them is confirmed")
    func gap() {
        var streams = OutboxStreams<Int>()
        streams.add(row(1), isBlocked: false)
        streams.add(row(3), isBlocked: true)
        #expect(next(&streams) == 1)
        streams.confirmed(row(1))
        #expect(next(&streams) == nil)
        #expect(streams.blocked == [stream])
        streams.unblock(stream)
        #expect(next(&streams) == 3)
    }

    @Test("what could not be routed is left to the database, with what is behind it; all others go on")
    func leave() {
        var streams = OutboxStreams<Int>()
        for number: Int64 in 0...2 { streams.add(row(number), isBlocked: false) }
        #expect(next(&streams) == 0)
        streams.leave(row(0))
        #expect(next(&streams) == 1)
        streams.leave(row(1))
        #expect(streams.count == 0)
        #expect(next(&streams) == nil)
        let other = OutboxStream(subject: "shop/2", receiver: "erp")
        streams.add(PendingRow(key: OutboxKey(stream: other, number: 1, eventID: 9), content: 9), isBlocked: false)
        #expect(next(&streams) == 9)
        #expect(streams.count == 1)
    }

    @Test("a receiver's events go out together, then the next receiver's")
    func receivers() {
        var streams = OutboxStreams<Int>()
        for number in 1...6 {
            let stream = OutboxStream(subject: "shop/\(number)", receiver: number.isMultiple(of: 2) ? "erp" : "wms")
            streams.add(
                PendingRow(key: OutboxKey(stream: stream, number: 1, eventID: Int64(number)), content: number),
                isBlocked: false)
        }
        #expect((0..<7).map { _ in next(&streams) } == [1, 3, 5, 2, 4, 6, nil])
        let hasReady = streams.hasReady
        #expect(!hasReady)
    }

    private let stream = OutboxStream(subject: "shop/1", receiver: "erp")

    private func row(_ number: Int64) -> PendingRow<Int> {
        PendingRow(key: OutboxKey(stream: stream, number: number, eventID: number), content: Int(number))
    }

    private func next(_ streams: inout OutboxStreams<Int>) -> Int? { streams.next { _ in true }?.content }
}
