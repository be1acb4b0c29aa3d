import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Giving out stock by turn")
struct GivingOutTests {
    /// Everybody keeps his turn, but orders of `EASY`, which let smaller ones go first; those of `VIP` come first.
    private static let rules: [Rule] = {
        func rule(_ name: String, _ sellers: [String], _ action: BackorderAction) -> Rule {
            var rule = Rule(name, .backorder)
            rule.sellers = sellers
            rule.actions = [.backorder(action)]
            return rule
        }
        var easy = BackorderAction()
        easy.smallerFirst = true
        var usual = rule("usual", [], BackorderAction())
        usual.priority = 900
        return [rule("easy", ["EASY"], easy), rule("vip", ["VIP"], BackorderAction(rank: 1)), usual]
    }()

    private static func open(_ store: Store) throws {
        var policy = StorePolicy()
        policy.onInvalid = .hold
        let sellers = ["SHOP", "EASY", "VIP", "NEW"].map { code in
            Message.test(code, .reference(.seller(Seller(.internal, code: code, policy: policy))))
        }
        let goods: [Message] = [
            .test("warehouse", .reference(.warehouse(Warehouse(code: "WH1")))),
            .test("A", .reference(.product(Product(sku: "A")))), .test("B", .reference(.product(Product(sku: "B")))),
            receiving("A", 0, "A0"), receiving("B", 0, "B0"),
        ]
        try store.run(sellers + goods)
    }

    private static func receiving(_ sku: String, _ quantity: Int64, _ document: String) -> Message {
        let key = StockKey(sku: sku, warehouse: "WH1")
        return .test(
            "received \(document)",
            .stock(
                StockReport(kind: .received, key: key, quantity: quantity, document: document, occurredAt: .noon)))
    }

    private static func placing(
        _ number: String, _ quantities: [(String, Int64)], minute: Int64, city: String = "上海"
    ) -> Message {
        var placed = OrderPlaced.test(number, skus: quantities.map(\.0))
        placed.receiver.city = city
        placed.placedAt = Timestamp.noon.adding(seconds: 60 * minute)
        for index in quantities.indices { placed.lines[index].quantity = quantities[index].1 }
        placed.claimedPayable = quantities.reduce(0) { $0 + $1.1 * 100 }
        return .test("placed \(number)", .orderPlaced(placed))
    }

    private static func due(_ database: TestStore, _ kind: String) throws -> [String] {
        try database.connect().query(
            "SELECT order_number FROM due WHERE kind = '\(kind)' ORDER BY next_at, order_number"
        ).map { try $0.text(0) }
    }

    /// Lets fire all that is due of giving out, oldest first, in one batch; returns how many.
    private static func fireAll(_ store: Store, _ database: TestStore, shares: [StockShare] = []) throws -> Int {
        let rows = try database.connect().query(
            """
            DELETE FROM due WHERE kind IN ('revalidate', 'give_out', 'passed_over')
            RETURNING kind, order_number, reference, next_at
            """)
        let timers = try rows.compactMap { row -> OrderCore.Timer? in
            guard let kind = OrderCore.Timer.Kind(rawValue: try row.text(0)) else { return nil }
            let number = try row.text(1)
            return OrderCore.Timer(
                kind: kind, orderNumber: number.isEmpty ? nil : number, reference: try row.text(2),
                dueAt: Timestamp(microseconds: try row.timestamp(3)))
        }
        let messages = timers.sorted { $0.dueAt < $1.dueAt }.map {
            Message.test("fire \($0.kind) \($0.orderNumber ?? "") \(Int.random(in: 0...Int.max))", .timer($0))
        }
        if !messages.isEmpty { try store.run(messages, by: rules, shares: shares) }
        return messages.count
    }

    /// Lets fire what is due of a kind, each in a batch of its own.
    private static func fire(_ store: Store, _ database: TestStore, _ kind: OrderCore.Timer.Kind) throws {
        let rows = try database.connect().query(
            "SELECT order_number, reference FROM due WHERE kind = '\(kind.rawValue)' ORDER BY next_at")
        for row in rows {
            let timer = Timer(
                kind: kind, orderNumber: try row.text(0), reference: try row.text(1), dueAt: .noon)
            try store.connection.execute(
                "DELETE FROM due WHERE kind = '\(kind.rawValue)' AND order_number = '\(timer.orderNumber ?? "")'")
            let id = "fire \(kind) \(timer.orderNumber ?? "") \(Int.random(in: 0...Int.max))"
            try store.run([.test(id, .timer(timer))], by: rules)
        }
    }

    private static func held(_ database: TestStore) throws -> [String] {
        try database.connect().query(
            "SELECT DISTINCT order_number FROM holds WHERE closed_at IS NULL ORDER BY order_number"
        ).map { try $0.text(0) }
    }

    @Test("those for whom there is enough are called, in their turn; who needs more keeps his, and nobody takes it")
    func turns() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run(
                [
                    Self.placing("SHOP/1", [("A", 2)], minute: 1), Self.placing("SHOP/2", [("A", 5)], minute: 2),
                    Self.placing("SHOP/3", [("A", 1)], minute: 3), Self.placing("VIP/1", [("A", 1)], minute: 4),
                ], by: Self.rules)
            try store.run([Self.receiving("A", 4, "A1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["VIP/1", "SHOP/1"])
            #expect(try Self.due(database, "passed_over") == [])
            // One unit is left, which SHOP/2 keeps.
            try store.run([Self.placing("SHOP/4", [("A", 1)], minute: 5)], by: Self.rules)
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == ["SHOP/2", "SHOP/3", "SHOP/4"])
            #expect(try database.queries().stock(sku: "A").map(\.available) == [1])
            #expect(try store.sweepStockHolds() == 0)

            try store.run([Self.receiving("A", 5, "A2")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["SHOP/2", "SHOP/3"])
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == ["SHOP/4"])
            #expect(try database.queries().stock(sku: "A").map(\.available) == [0])
            #expect(try database.queries().waitingOrders().map(\.number) == ["SHOP/4"])
            #expect(try database.queries().waitingOrders().map(\.waitsFor) == ["1 A"])
            let verdicts = try Audit().run(on: database.connect())
            #expect(verdicts.filter { $0.count > 0 && $0.check.name.hasPrefix("stock") }.map(\.check.name) == [])
        }
    }

    @Test("who lets smaller ones go first is passed over where there is not enough for him, and hears of it")
    func passedOver() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run(
                [
                    Self.placing("EASY/1", [("A", 5)], minute: 1), Self.placing("EASY/2", [("A", 2)], minute: 2),
                    Self.placing("EASY/3", [("A", 2)], minute: 3),
                ], by: Self.rules)
            try store.run([Self.receiving("A", 3, "A1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["EASY/2"])
            #expect(try Self.due(database, "passed_over") == ["EASY/1"])
            // What EASY/2 was called for is kept until it has come.
            try store.run([Self.placing("SHOP/9", [("A", 2)], minute: 4)], by: Self.rules)
            try Self.fire(store, database, .passedOver)
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == ["EASY/1", "EASY/3", "SHOP/9"])
            let journal = try database.queries().journal(of: "EASY/1")
            #expect(journal.last?.why.contains("passed over") == true)
        }
    }

    @Test("who can't have what comes takes no turn from those behind him; the sweep looks whether he can now")
    func unserved() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            var near = Warehouse(code: "WH1", revision: 2)
            near.areas = ["上海"]
            try store.run([.test("areas", .reference(.warehouse(near)))])
            try store.run(
                [
                    Self.placing("EASY/1", [("A", 2)], minute: 1, city: "拉萨"),
                    Self.placing("EASY/2", [("A", 2)], minute: 2), Self.placing("EASY/3", [("A", 2)], minute: 3),
                ], by: Self.rules)
            #expect(try Self.held(database) == ["EASY/1", "EASY/2", "EASY/3"])
            try store.run([Self.receiving("A", 4, "A1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["EASY/2", "EASY/3", "EASY/1"])
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == ["EASY/1"])

            try store.run([Self.placing("EASY/4", [("A", 2)], minute: 4)], by: Self.rules)
            try store.run([Self.receiving("A", 2, "A2")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["EASY/4", "EASY/1"])
            // Not called yet, when the sweep comes.
            try store.connection.execute("DELETE FROM due WHERE kind = 'revalidate'")
            #expect(try store.sweepStockHolds() == 2)
            #expect(try Self.due(database, "revalidate") == ["EASY/4", "EASY/1"])
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == ["EASY/1"])
        }
    }

    @Test("what nobody had when it was ordered is given out when it first comes")
    func firstStock() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run([.test("N", .reference(.product(Product(sku: "N"))))])
            try store.run([Self.placing("EASY/1", [("N", 1)], minute: 1)], by: Self.rules)
            #expect(try Self.held(database) == ["EASY/1"])
            try store.run([Self.receiving("N", 1, "N1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["EASY/1"])
            try Self.fire(store, database, .revalidate)
            #expect(try Self.held(database) == [])
        }
    }

    @Test("who waits for two SKUs keeps both; when he is cancelled they are given out at once")
    func twoSKUs() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run(
                [
                    Self.placing("SHOP/1", [("A", 1), ("B", 1)], minute: 1),
                    Self.placing("SHOP/2", [("A", 1)], minute: 2),
                ], by: Self.rules)
            try store.run([Self.receiving("A", 1, "A1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == [])
            let command = StaffCommand(orderNumber: "SHOP/1", action: .cancel, by: "li", reason: "asked")
            try store.run(
                [.test("cancel", .command(command), sender: .staff(roles: [.administrator]))], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["SHOP/2"])
        }
    }

    @Test("more orders than one pass calls are called by the next ones; no newcomer gets what they wait for meanwhile")
    func manyAtOnce() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run((1...450).map { Self.placing("EASY/\($0)", [("A", 1)], minute: $0) }, by: Self.rules)
            try store.run([Self.receiving("A", 451, "A1")], by: Self.rules)
            #expect(try Self.due(database, "revalidate").count == 200)
            // One unit is nobody's.
            try store.run([Self.placing("NEW/1", [("A", 1)], minute: 600)], by: Self.rules)
            try store.run([Self.placing("NEW/2", [("A", 1)], minute: 601)], by: Self.rules)
            #expect(try Self.held(database).suffix(2) == ["EASY/99", "NEW/2"])
            var rounds = 0
            while rounds < 20, try Self.fireAll(store, database) > 0 { rounds += 1 }
            #expect(try Self.held(database) == ["NEW/2"])
            #expect(try database.queries().stock(sku: "A").map(\.available) == [0])
            #expect(try database.count("giving_out") == 0)
            #expect(rounds < 6)
        }
    }

    @Test("giving out ends, also where nobody who is called can have it")
    func calledInVain() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let shares = [StockShare(parts: ["EASY": .units(0)])]
            try Self.open(store)
            try database.letReferenceAge()
            try store.run(
                (1...450).map { Self.placing("EASY/\($0)", [("A", 1)], minute: $0) }, by: Self.rules, shares: shares)
            try store.run([Self.receiving("A", 450, "A1")], by: Self.rules, shares: shares)
            var rounds = 0
            while rounds < 20, try Self.fireAll(store, database, shares: shares) > 0 { rounds += 1 }
            #expect(rounds == 3)
            #expect(try Self.held(database).count == 450)
            #expect(try database.count("giving_out") == 0)
            #expect(try store.sweepStockHolds() == 0)
        }
    }

    @Test("who is passed over at each pass hears of it once")
    func passedOverOnce() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run([Self.placing("EASY/1", [("A", 5)], minute: 1)], by: Self.rules)
            for round in 1...3 {
                try store.run([Self.placing("EASY/2\(round)", [("A", 1)], minute: 2)], by: Self.rules)
                try store.run([Self.receiving("A", 1, "A\(round)")], by: Self.rules)
                #expect(try Self.due(database, "passed_over") == (round == 1 ? ["EASY/1"] : []))
                _ = try Self.fireAll(store, database)
            }
            #expect(try Self.held(database) == ["EASY/1"])
            #expect(try database.count("order_journal WHERE why LIKE '%passed over%'") == 1)
        }
    }

    @Test("the first stock of a warehouse is given out at once to those who wait, and kept for them until they come")
    func firstInWarehouse() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            try store.run([.test("WH2", .reference(.warehouse(Warehouse(code: "WH2"))))])
            try store.run(
                [Self.placing("EASY/1", [("A", 2)], minute: 1), Self.placing("SHOP/1", [("A", 2)], minute: 2)],
                by: Self.rules)
            let first = StockReport(
                kind: .received, key: StockKey(sku: "A", warehouse: "WH2"), quantity: 3, document: "A1",
                occurredAt: .noon)
            try store.run([.test("first", .stock(first))], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["EASY/1"])
            try store.run([Self.placing("SHOP/2", [("A", 1)], minute: 3)], by: Self.rules)
            #expect(try Self.held(database) == ["EASY/1", "SHOP/1", "SHOP/2"])
            _ = try Self.fireAll(store, database)
            #expect(try Self.held(database) == ["SHOP/1", "SHOP/2"])
        }
    }

    @Test("safety stock that is lowered is given out; what is below it is not")
    func safety() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.open(store)
            var report = StockReport(
                kind: .received, key: StockKey(sku: "A", warehouse: "WH1"), quantity: 3, document: "S1",
                occurredAt: .noon)
            report.safety = 2
            try store.run([.test("s1", .stock(report))])
            try store.run([Self.placing("SHOP/1", [("A", 2)], minute: 1)], by: Self.rules)
            #expect(try Self.held(database) == ["SHOP/1"])
            report.safety = 1
            report.quantity = 0
            report.document = "S2"
            try store.run([.test("s2", .stock(report))], by: Self.rules)
            #expect(try Self.due(database, "revalidate") == ["SHOP/1"])
        }
    }
}
