import OrderCore
import OrderMessages
import OrderStore
import Testing

@testable import OrderWorker

@Suite("P4: what a lane has committed or taken over goes out")
struct LanePublisherTests {
    private let stream = OutboxStream(subject: "TEA@WH1", receiver: "erp")

    @Test("what a dead lane left goes out, though this lane has set aside what waited behind it for long")
    func adoptedBeforeSetAside() {
        var publisher = LanePublisher()
        // A lane that hangs for longer than others wait for its rows has committed number 1.
        publisher.add(row(2), head: 1)
        publisher.leaveBlocked(now: .now + .seconds(60))
        let setAside = publisher.setAside.map(\.key.number)
        #expect(setAside == [2])
        publisher.adopt(row(1), head: 1)
        let canGo = publisher.hasReady
        #expect(canGo)
        // What stands behind it comes from the database when it is confirmed.
        publisher.add(row(3), head: 1)
        let count = publisher.pendingCount
        #expect(count == 1)
    }

    @Test("what a dead lane left goes out, though what waits behind it is just being tried again")
    func adoptedBeforeTried() {
        var publisher = LanePublisher()
        publisher.add(row(2), head: 1)
        publisher.leaveBlocked(now: .now + .seconds(60))
        publisher.probe(row(2), head: 1)
        publisher.adopt(row(1), head: 1)
        publisher.unblock([stream], heads: [stream: 1])
        let canGo = publisher.hasReady
        let count = publisher.pendingCount
        #expect(canGo)
        #expect(count == 2)
    }

    private func row(_ number: Int64) -> LanePublisher.Row {
        let envelope = EventEnvelope(
            epoch: 1, receiver: stream.receiver, name: "stock.changed", subject: stream.subject, number: number,
            time: Timestamp(microseconds: 0), cause: MessageIdentity(source: "shop", id: "1"))
        return LanePublisher.Row(
            key: OutboxKey(stream: stream, number: number, eventID: number),
            content: PendingEvent(envelope: envelope, data: []))
    }
}
