import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Stock split by channel, in the database")
struct SharedStockTests {
    private static let shares = [StockShare(parts: ["SHOP": .percent(60), "APP": .units(10)])]

    private static func open(_ store: Store, onHand: Int64) throws {
        var policy = StorePolicy()
        policy.onInvalid = .hold
        let sellers = ["SHOP", "APP", "MALL", "FAIR"].map { code in
            Message.test(code, .reference(.seller(Seller(.internal, code: code, policy: policy))))
        }
        try store.run(Shop.messages(skus: ["A"], onHand: onHand) + sellers)
    }

    private static func reserved(_ store: Store) throws -> [String: Int64] {
        _ = try store.load(LoadRequest())
        let counts = try store.reservedBySeller(["A"])
        try store.rollback()
        return counts[StockKey(sku: "A", warehouse: "WH1")] ?? [:]
    }

    @Test("lanes that place for several channels at once sell each channel its share, all of it and no more")
    func neverOversold() async throws {
        try await TestStore.useFromThreads { database in
            try await onThread { try Self.open(database.store(), onHand: 50) }
            try await database.inLanes(rounds: 10) { store, lane, round in
                let messages = ["SHOP", "APP", "MALL", "FAIR"].flatMap { seller in
                    (0..<2).map { Shop.placed("\(seller)/\(lane)-\(round)-\($0)", skus: ["A"]) }
                }
                try store.run(messages.shuffled(), shares: Self.shares)
            }
            let sold = try await onThread { try Self.reserved(database.store()) }
            #expect(sold["SHOP"] == 30)
            #expect(sold["APP"] == 10)
            #expect(sold["MALL", default: 0] + sold["FAIR", default: 0] == 10)
        }
    }

    @Test("who waits for his channel's share is not looked at in vain, and is called when more of it comes")
    func waitsForShare() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let shares = [StockShare(parts: ["APP": .percent(50)])]
            try Self.open(store, onHand: 20)
            try database.letReferenceAge()
            try store.run((1...11).map { Shop.placed("APP/\($0)", skus: ["A"]) }, shares: shares)
            #expect(try Self.reserved(store) == ["APP": 10])
            #expect(try store.sweepStockHolds() == 0)
            let more = StockReport(
                kind: .received, key: StockKey(sku: "A", warehouse: "WH1"), quantity: 2, document: "D2",
                occurredAt: .noon)
            try store.run([.test("more", .stock(more))], shares: shares)
            #expect(try WaitingOrderTests.revalidations(database) == ["APP/11"])
            let timer = Timer(kind: .revalidate, orderNumber: "APP/11", reference: "", dueAt: .noon)
            try store.run([.test("again", .timer(timer))], shares: shares)
            #expect(try Self.reserved(store) == ["APP": 11])
            #expect(try database.queries().waitingOrders().isEmpty)
        }
    }

    private static func placing(_ number: String, _ quantity: Int64, minute: Int64) -> Message {
        var placed = OrderPlaced.test(number, skus: ["A"])
        placed.placedAt = Timestamp.noon.adding(seconds: 60 * minute)
        placed.lines[0].quantity = quantity
        placed.claimedPayable = quantity * 100
        return .test("placed \(number)", .orderPlaced(placed))
    }

    @Test("a turn that is kept in one channel's part calls, and keeps, nothing of another's")
    func turnsWithinAPart() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let shares = [StockShare(parts: ["APP": .percent(50)])]
            var turns = Rule("in-turn", .backorder)
            turns.actions = [.backorder(BackorderAction())]
            try Self.open(store, onHand: 0)
            try database.letReferenceAge()
            try store.run(
                [
                    Self.placing("APP/1", 10, minute: 1), Self.placing("APP/2", 1, minute: 2),
                    Self.placing("MALL/1", 2, minute: 3), Self.placing("FAIR/1", 1, minute: 4),
                ], by: [turns], shares: shares)
            let some = StockReport(
                kind: .received, key: StockKey(sku: "A", warehouse: "WH1"), quantity: 4, document: "D2",
                occurredAt: .noon)
            try store.run([.test("some", .stock(some))], by: [turns], shares: shares)
            // How much of it is theirs the database does not know: FAIR/1 finds out when it comes.
            #expect(try WaitingOrderTests.revalidations(database) == ["MALL/1", "FAIR/1"])
            for number in ["MALL/1", "FAIR/1"] {
                let timer = Timer(kind: .revalidate, orderNumber: number, reference: "", dueAt: .noon)
                try store.run([.test("again \(number)", .timer(timer))], by: [turns], shares: shares)
            }
            #expect(try Self.reserved(store) == ["MALL": 2])
            try store.connection.execute("DELETE FROM due WHERE kind = 'revalidate'")
            #expect(try store.sweepStockHolds() == 0)
        }
    }
}
