import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Facts that wait")
struct ParkedFactTests {
    static func fact(_ id: String, order: String?, type: String = "t", deadline: Timestamp = .noon) -> ParkedRecord {
        ParkedRecord(
            identity: .test(id), orderNumber: order, waitsFor: "order",
            message: RawMessage(queue: "q", type: type, headers: [:], body: []), receivedAt: .noon, deadline: deadline)
    }

    static func request(_ number: String) -> LoadRequest {
        var request = LoadRequest()
        request.orders = [number]
        request.stockOfFulfilments = [number]
        return request
    }

    @Test("the stock that a waiting fact would take from is loaded with its order, whatever brings the order up")
    func stock() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A", "B"], onHand: 5))
            for sku in ["A", "B"] {
                let key = StockKey(sku: sku, warehouse: "WH2")
                let report = StockReport(
                    kind: .received, key: key, quantity: 5, document: "E-\(sku)", occurredAt: .noon)
                try store.run([.test("more \(sku)", .stock(report))])
            }
            try store.run([Shop.placed("SHOP/1", skus: ["A"])])
            let elsewhere = StockKey(sku: "A", warehouse: "WH2")
            #expect(try store.load(Self.request("SHOP/1")).workingSet.stock[elsewhere] == nil)
            try store.rollback()

            var early = Self.fact("early", order: "SHOP/1")
            early.warehouse = "WH2"
            try store.run([]) { batch in batch.parked = [early] }
            let stock = try store.load(Self.request("SHOP/1")).workingSet.stock
            #expect(stock[elsewhere]?.onHand == 5)
            #expect(stock[StockKey(sku: "B", warehouse: "WH2")] == nil)
            try store.rollback()

            // Put off before anything was decided about it.
            try store.run([]) { batch in
                batch.changes.unparked = [early.identity]
                batch.parked = [Self.fact("busy", order: "SHOP/1", type: "fulfilment.shipped.v1")]
            }
            #expect(try store.load(Self.request("SHOP/1")).workingSet.stock[elsewhere] != nil)
            try store.rollback()
        }
    }

    @Test("facts that came together are read in the order in which they came")
    func order() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let ids = ["z", "a", "m", "b"]
            try store.run([]) { batch in batch.parked = ids.map { Self.fact($0, order: "SHOP/1") } }
            // Parked again in another company, a fact keeps its place.
            try store.run([]) { batch in batch.parked = ["b", "z"].map { Self.fact($0, order: "SHOP/1") } }
            #expect(try store.load(Self.request("SHOP/1")).parked.map(\.identity.id) == ids)
            try store.rollback()
            #expect(try database.queries().parked().map(\.identity.id) == ids)
        }
    }

    @Test(
        "a checkpoint whose parcel never comes is given up after its time; of other facts without an order people hear once"
    )
    func overdue() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            try store.run([Shop.placed("SHOP/1", skus: ["A"])])
            let future = Timestamp(microseconds: 4_000_000_000_000_000)
            let past = Timestamp(microseconds: 1_000_000_000_000_000)
            let tracking = "tracking.checkpoint"
            let facts = [
                Self.fact("no parcel", order: nil, type: tracking, deadline: past),
                Self.fact("no such order", order: "SHOP/9", type: tracking, deadline: past),
                Self.fact("of an order", order: "SHOP/1", type: tracking, deadline: past),
                Self.fact("in time", order: nil, type: tracking, deadline: future),
                Self.fact("shipped", order: nil, type: "fulfilment.shipped", deadline: past),
                Self.fact("shipped just now", order: nil, type: "fulfilment.shipped", deadline: future),
            ]
            var request = LoadRequest()
            request.arrivals = facts.map { LoadRequest.Arrival(identity: $0.identity, contentHash: .test(1)) }
            _ = try store.load(request)
            var batch = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1)
            batch.parked = facts
            batch.changes.outcomes = facts.map { ($0.identity, .parked(waitsFor: "order")) }
            try store.write(batch)

            #expect(try store.overdueParked().map(\.identity.id) == ["shipped"])
            #expect(try store.overdueParked().isEmpty)
            #expect(try store.dropOverdueTracking() == 2)
            #expect(try store.dropOverdueTracking() == 0)
            let left = try database.queries().parked().map(\.identity.id)
            #expect(left == ["of an order", "in time", "shipped", "shipped just now"])
            #expect(try database.queries().outcome(of: .test("no parcel"))?.outcome == .refused)
        }
    }
}
