import OrderStore
import Postgres
import Testing

@testable import OrderCore

@Suite("Who waits for stock is called when he can have it, and not time and again when he can't")
struct WaitingByRuleTests {
    private static let warehouses = ["N", "S"].map { Warehouse(code: $0) }

    private static func step(_ warehouses: [String] = [], isPartial: Bool = false) -> SourceAction.Step {
        var step = SourceAction.Step()
        (step.warehouses, step.isPartial) = (warehouses, isPartial)
        return step
    }

    private static func sourcing(_ action: SourceAction) -> Rule {
        var rule = Rule("places", .source)
        rule.actions = [.source(action)]
        return rule
    }

    @Test("by a rule that lets the rest wait, what comes is reserved line by line, whatever the seller's policy says")
    func splitByRule() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            var action = SourceAction(steps: [Self.step(isPartial: true)])
            action.waits = true
            world.rules.rules = [Self.sourcing(action)]
            try world.place("SHOP/1", [("A", 1), ("B", 1)])
            try world.receive(1, of: "A", in: "N")
            try world.rest()
            #expect(try world.reserved("A") == 1)
            try world.receive(1, of: "B", in: "S")
            try world.rest()
            #expect(try world.reserved("B") == 1)
            #expect(try world.waiting() == [])
        }
    }

    @Test("by a rule that gives all or nothing nobody is called for a part, though the seller splits backorders")
    func wholeByRule() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses) { $0.allowsSplitBackorders = true }
            world.rules.rules = [Self.sourcing(SourceAction(steps: [Self.step()]))]
            try world.place("SHOP/1", [("A", 1), ("B", 1)])
            try world.receive(1, of: "A", in: "N")
            #expect(try world.rest() == 0)
            try world.receive(1, of: "B", in: "S")
            try world.rest()
            #expect(try world.waiting() == [])
        }
    }

    @Test("who can't use what there is, by the steps of his rule, does not keep it from those behind him")
    func inVain() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            world.rules.rules = [Self.sourcing(SourceAction(steps: [Self.step(["N"]), Self.step(["S"])]))]
            try world.place("SHOP/1", [("A", 1), ("B", 1)])
            try world.place("SHOP/2", [("A", 1)])
            try world.receive(1, of: "B", in: "S")
            try world.receive(1, of: "A", in: "N")
            // The next is called as soon as it is known, not by the sweep: newcomers would be before him.
            #expect(try world.fireDue() == 2)
            #expect(try world.waiting() == ["SHOP/1"])
            #expect(try world.rest() == 0)
            try world.receive(1, of: "A", in: "S")
            try world.rest()
            #expect(try world.waiting() == [])
        }
    }

    @Test("a gift of which there is none any more keeps no order from being called")
    func gift() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            var gift = Rule("gift", .gift)
            gift.actions = [.gift(GiftAction(sku: "G"))]
            var turn = Rule("turn", .backorder)
            turn.actions = [.backorder(BackorderAction())]
            world.rules.rules = [gift, turn]
            try world.run([.reference(.product(Product(sku: "G")))])
            try world.receive(1, of: "G", in: "N")
            try world.place("SHOP/1", [("A", 1)]) { $0.lines[0].unitPrice = 100 }
            #expect(try world.waiting() == ["SHOP/1"])
            // Who waits keeps no gift from those who buy.
            try world.place("SHOP/2", [("G", 1)])
            #expect(try world.waiting() == ["SHOP/1"])
            try world.receive(1, of: "A", in: "N")
            try world.rest()
            #expect(try world.waiting() == [])
        }
    }

    @Test("who has no way to what there is is looked at once, and told of once; again when warehouses or rules change")
    func noWay() async throws {
        try await TestStore.use { database in
            var far = Warehouse(code: "N")
            far.areas = ["拉萨"]
            var world = try GiveOutWorld(database, warehouses: [far, Warehouse(code: "S")])
            try world.receive(5, of: "A", in: "N")
            try world.receive(0, of: "A", in: "S")
            try world.place("SHOP/1", [("A", 1)])
            #expect(world.shortages == ["SHOP/1"])
            #expect(try world.rest() == 0)
            try world.receive(2, of: "A", in: "N")
            #expect(try world.rest() == 1)
            #expect(world.shortages == ["SHOP/1"])
            var near = far
            (near.areas, near.revision) = (["上海"], 2)
            try world.run([.reference(.warehouse(near))])
            try world.rest()
            #expect(try world.waiting() == [])
        }
    }

    @Test("who is held for a gap in a table is looked at again when rules are published, and after a while")
    func gap() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            var action = SourceAction(steps: [Self.step()])
            action.costs = "freight"
            world.rules.rules = [Self.sourcing(action)]
            world.rules.tables = ["freight": RuleTable()]
            try world.receive(5, of: "A", in: "N")
            try world.place("SHOP/1", [("A", 1)])
            #expect(try world.rest() == 0)
            try world.store.connection.execute("UPDATE waiting_looks SET at = at - interval '1 hour'")
            #expect(try world.rest() == 1)
            var freight = RuleTable()
            freight.add(RuleTable.Way(from: "N", to: "*"), RuleTable.Step(value: 9))
            world.rules.tables = ["freight": freight]
            try world.store.connection.execute(
                "INSERT INTO rule_versions (version, published_by, note) VALUES (1, 'li', 'freight')")
            try world.rest()
            #expect(try world.waiting() == [])
        }
    }

    @Test("what a channel's share has more of since it shipped goes to those of the channel who wait")
    func shareAfterShipping() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, shops: ["SHOP", "APP"], warehouses: Self.warehouses)
            world.rules.shares = [StockShare(parts: ["APP": .percent(50)])]
            try world.receive(20, of: "A", in: "N")
            try world.place("APP/1", [("A", 10)])
            try world.place("APP/2", [("A", 5)])
            #expect(try world.rest() == 0)
            #expect(try world.waiting() == ["APP/2"])
            var report = FulfilmentReport(
                kind: .shipped, orderNumber: "APP/1", fulfilment: nil, warehouse: "N", occurredAt: .noon)
            (report.shipment, report.lines) = ("P1", [LineQuantity(line: 1, quantity: 10)])
            try world.run([.fulfilment(report)])
            #expect(try world.rest() == 1)
            #expect(try world.waiting() == [])
        }
    }

    @Test("room for less than any of a channel's orders needs, as its goods are shipped, calls none of them")
    func roomForNone() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, shops: ["SHOP", "APP"], warehouses: Self.warehouses)
            world.rules.shares = [StockShare(parts: ["APP": .percent(50)])]
            try world.receive(20, of: "A", in: "N")
            try world.place("APP/1", [("A", 10)])
            try world.place("APP/2", [("A", 2)])
            // Of 17 units that are left 8 are the channel's, 7 of them reserved; of 16, 6.
            for parcel in 1...4 {
                var report = FulfilmentReport(
                    kind: .shipped, orderNumber: "APP/1", fulfilment: nil, warehouse: "N", occurredAt: .noon)
                (report.shipment, report.lines) = ("P\(parcel)", [LineQuantity(line: 1, quantity: 1)])
                try world.run([.fulfilment(report)])
                #expect(try database.count("due WHERE kind = 'give_out'") == (parcel == 4 ? 1 : 0))
                #expect(try world.rest() == (parcel == 4 ? 1 : 0))
            }
            #expect(try world.waiting() == [])
        }
    }

    @Test("who waited for all or nothing gets what there is of it as soon as a rule lets the rest wait")
    func ruleLetsTheRestWait() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            try world.place("SHOP/1", [("A", 1), ("B", 1)])
            try world.receive(1, of: "A", in: "N")
            #expect(try world.rest() == 0)
            var action = SourceAction(steps: [Self.step(isPartial: true)])
            action.waits = true
            world.rules.rules = [Self.sourcing(action)]
            try world.store.connection.execute(
                "INSERT INTO rule_versions (version, published_by, note) VALUES (1, 'li', 'parts')")
            try world.rest()
            #expect(try world.reserved("A") == 1)
        }
    }

    @Test("who waited for all or nothing gets what there is of it as soon as the seller splits backorders")
    func sellerSplits() async throws {
        try await TestStore.use { database in
            var world = try GiveOutWorld(database, warehouses: Self.warehouses)
            try world.place("SHOP/1", [("A", 1), ("B", 1)])
            try world.receive(1, of: "A", in: "N")
            #expect(try world.rest() == 0)
            var policy = StorePolicy()
            (policy.onInvalid, policy.allowsSplitBackorders) = (.hold, true)
            try world.run([.reference(.seller(Seller(.internal, code: "SHOP", revision: 2, policy: policy)))])
            try world.rest()
            #expect(try world.reserved("A") == 1)
        }
    }

    @Test("a warehouse under another title calls nobody; giving out ends also while a change is fresh")
    func retold() async throws {
        try await TestStore.use { database in
            var far = Warehouse(code: "N")
            far.areas = ["拉萨"]
            var world = try GiveOutWorld(database, warehouses: [far, Warehouse(code: "S")])
            try world.receive(5, of: "A", in: "N")
            for number in 1...3 { try world.place("SHOP/\(number)", [("A", 1)]) }
            #expect(try world.rest() == 0)
            (far.title, far.revision) = ("north", 2)
            try world.run([.reference(.warehouse(far))])
            #expect(try world.rest() == 0)
            (far.priority, far.revision) = (7, 3)
            try world.run([.reference(.warehouse(far))])
            #expect(try world.rest() == 3)
            #expect(try world.waiting().count == 3)
        }
    }
}
