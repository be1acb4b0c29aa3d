import OrderCore
import OrderSimulator
import Testing

@Suite("Numbers of events count within an epoch")
struct EpochTests {
    @Test("a number of a later epoch comes after all of an earlier one, and each epoch counts from 1")
    func order() {
        let last = EventNumber(epoch: 1, sequence: 987_654)
        #expect(last.stored == 987_654)
        let first = EventNumber(stored: EventNumber.next(after: last.stored, in: 2))
        #expect(first == EventNumber(epoch: 2, sequence: 1))
        #expect(first.stored > EventNumber(epoch: 1, sequence: .max).stored)
        #expect(EventNumber(stored: EventNumber.next(after: first.stored, in: 2)) == EventNumber(epoch: 2, sequence: 2))
        #expect(EventNumber(stored: EventNumber.next(after: 0, in: 7)) == EventNumber(epoch: 7, sequence: 1))
    }

    @Test("an order that goes on in a new epoch tells each receiver from 1 on, and is as sound as before")
    func restored() {
        var bench = Bench()
        bench.place()
        bench.epoch = 2
        bench.pay(200)
        bench.ship("P1", [1: 2])
        let told = bench.events.flatMap { event in
            event.deliveries.filter { event.subject == .order("web/1") && $0.receiver == "erp" }
        }.map { EventNumber(stored: $0.number) }
        let before = told.filter { $0.epoch == 1 }
        let after = told.filter { $0.epoch == 2 }
        #expect(before.map(\.sequence) == Array(1...Int64(before.count)))
        #expect(after.count >= 3 && after.map(\.sequence) == Array(1...Int64(after.count)))
        bench.verify()
    }
}
