import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("The work of warehouses in the database")
struct WarehouseDayTests {
    /// A warehouse that can work for two orders a day.
    private static let rules: RuleSet = {
        var rules = RuleSet(label: "v1")
        rules.warehouses["WH1", default: WarehouseRule()].capacity = 2
        return rules
    }()

    @Test("a day is never promised to more orders than it has room for, however many lanes try at the same moment")
    func neverOversold() async throws {
        try await TestStore.useFromThreads { database in
            try await onThread { _ = try database.store().run(Shop.messages(skus: ["A"], onHand: 100)) }
            try await database.inLanes(rounds: 5) { store, lane, round in
                let numbers = (0..<2).map { "SHOP/\(lane)-\(round)-\($0)" }
                try store.run(numbers.map { Shop.placed($0, skus: ["A"]) }, by: Self.rules)
            }
            try await onThread { () throws in
                #expect(try database.queries().orderCounts() == ["released": 14, "rejected": 16])
                #expect(try database.count("warehouse_days WHERE warehouse = 'WH1' AND taken = 2") == 7)
                #expect(try database.count("warehouse_days") == 7)
                #expect(try Audit().run(on: database.connect()).flatMap(\.findings).isEmpty)
            }
        }
    }

    @Test("an order that ends before it is handed over gives its time back")
    func givenBack() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 100))
            let placed = OrderPlaced.test("SHOP/1", skus: ["A"], term: .online)
            try store.run([.test("placed", .orderPlaced(placed))], by: Self.rules)
            #expect(try database.count("warehouse_days WHERE taken = 1") == 1)
            #expect(try database.count("fulfilments WHERE workday IS NOT NULL") == 1)
            let command = StaffCommand(orderNumber: "SHOP/1", action: .cancel, by: "ann", reason: "test")
            let cancel = Message.test(
                "cancel", .command(command), sender: .staff(roles: [.administrator]))
            // The limit is gone meanwhile: what was promised is given back all the same.
            try store.run([cancel], by: RuleSet(label: "v2"))
            #expect(try database.queries().orderCounts() == ["cancelled": 1])
            #expect(try database.count("warehouse_days WHERE taken > 0") == 0)
            #expect(try database.count("fulfilments WHERE workday IS NOT NULL") == 0)
        }
    }

    @Test("without a limit no day is looked at")
    func unlimited() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 100))
            try store.run([Shop.placed("SHOP/1", skus: ["A"])], by: RuleSet(label: "v1"))
            #expect(try database.count("warehouse_days") == 0)
        }
    }
}

extension Store {
    /// As a lane does that goes by rules.
    fileprivate func run(_ messages: [Message], by rules: RuleSet) throws {
        let book = RuleBook(rules)
        var request = LoadRequest.test(messages)
        if book.limitsWork { request.workRules = rules }
        var loaded = try load(request)
        loaded.workingSet.reference.rules = book
        var decider = Decider(loaded.workingSet, now: loaded.now)
        for message in messages { decider.decide(message) }
        decider.finish()
        var batch = BatchWrite(workingSet: decider.set, changes: decider.changes, owner: 1)
        batch.events = decider.changes.events.map { EventRecord(event: $0, data: Array("{}".utf8)) }
        _ = try write(batch)
    }
}
