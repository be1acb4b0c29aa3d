import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Orders that wait for stock, or for what is to become known")
struct WaitingOrderTests {
    /// A shop that holds what it can't serve, and orders of so many units of `A`, each placed before the last.
    static func hold(_ store: Store, quantities: [Int64], isWarehouseActive: Bool = true) throws {
        var policy = StorePolicy()
        policy.onInvalid = .hold
        var warehouse = Warehouse(code: "WH1")
        warehouse.isActive = isWarehouseActive
        try store.run([
            .test("channel", .reference(.seller(Seller(.internal, code: "SHOP", policy: policy)))),
            .test("warehouse", .reference(.warehouse(warehouse))),
            .test("product", .reference(.product(Product(sku: "A")))),
            .test("stock", .stock(Self.received(0, "D0"))),
        ])
        try store.run(
            quantities.enumerated().map { index, quantity in
                var placed = OrderPlaced.test("SHOP/\(index + 1)", skus: ["A"])
                placed.placedAt = Timestamp(microseconds: Timestamp.noon.microseconds - Int64(index) * 1_000_000)
                placed.lines[0].quantity = quantity
                placed.claimedPayable = quantity * 100
                return .test("placed \(index)", .orderPlaced(placed))
            })
    }

    @Test("of split backorders each line is handed its stock as it comes; of others only all that is missing")
    func splitBackorders() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            var policy = StorePolicy()
            policy.allowsSplitBackorders = true
            policy.onInvalid = .hold
            var whole = policy
            whole.allowsSplitBackorders = false
            try store.run(
                Shop.messages(skus: ["A", "B", "C"], onHand: 0) + [
                    .test("split", .reference(.seller(Seller(.internal, code: "SHOP", revision: 2, policy: policy)))),
                    .test("whole", .reference(.seller(Seller(.internal, code: "WHOLE", policy: whole)))),
                    .test("stock", .stock(Self.received(1, "D0"))),
                ])
            try store.run([
                Shop.placed("SHOP/1", skus: ["A", "B", "C"]), Shop.placed("WHOLE/1", skus: ["B", "C"]),
            ])
            #expect(try store.sweepStockHolds() == 0)
            var report = Self.received(1, "D1")
            report.key.sku = "B"
            try store.run([.test("b", .stock(report))])
            #expect(try Self.revalidations(database) == ["SHOP/1"])
            let timer = Timer(kind: .revalidate, orderNumber: "SHOP/1", dueAt: .noon)
            try store.run([.test("again", .timer(timer))])
            try database.connect().execute("DELETE FROM due WHERE kind = 'revalidate'")
            #expect(try store.sweepStockHolds() == 0)
            #expect(try database.queries().order("SHOP/1")?.openHolds.map(\.path) == ["lines[2].sku"])
            #expect(try database.queries().order("WHOLE/1")?.openHolds.count == 2)
        }
    }

    static func received(_ quantity: Int64, _ document: String) -> StockReport {
        StockReport(
            kind: .received, key: StockKey(sku: "A", warehouse: "WH1"), quantity: quantity, document: document,
            occurredAt: .noon)
    }

    static func revalidations(_ database: TestStore) throws -> [String] {
        try database.connect().query("SELECT order_number FROM due WHERE kind = 'revalidate' ORDER BY next_at")
            .map { try $0.text(0) }
    }

    @Test("stock that comes is handed to the orders that wait for it and can be served, oldest first")
    func stockComes() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.hold(store, quantities: [1, 2, 9, 3])
            #expect(try database.queries().holdCounts().map(\.reason) == ["out_of_stock"])
            #expect(try store.sweepStockHolds() == 0)
            try store.run([.test("received", .stock(Self.received(4, "D1")))])
            #expect(try Self.revalidations(database) == ["SHOP/4", "SHOP/1"])

            // The hold crossed with the stock.
            try database.connect().execute("DELETE FROM due WHERE kind = 'revalidate'")
            #expect(try store.sweepStockHolds() == 2)
            #expect(try Self.revalidations(database) == ["SHOP/4", "SHOP/1"])
            #expect(try store.sweepStockHolds() == 0)
        }
    }

    @Test("the oldest order that can be served reserves what has come; who is left is not looked at in vain")
    func served() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.hold(store, quantities: [1, 2, 9, 3])
            try store.run([.test("received", .stock(Self.received(4, "D1")))])
            let numbers = try Self.revalidations(database)
            try store.connection.execute("DELETE FROM due WHERE kind = 'revalidate'")
            for number in numbers {
                let timer = Timer(kind: .revalidate, orderNumber: number, reference: "", dueAt: .noon)
                try store.run([.test("again \(number)", .timer(timer))])
            }
            #expect(try database.queries().stock().map(\.reserved) == [4])
            let held = try store.connection.query(
                "SELECT order_number FROM holds WHERE closed_at IS NULL ORDER BY order_number")
            #expect(try held.map { try $0.text(0) } == ["SHOP/2", "SHOP/3"])
            #expect(try store.sweepStockHolds() == 0)
        }
    }

    @Test("a warehouse that becomes active serves the orders that wait")
    func warehouseOpens() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.hold(store, quantities: [1], isWarehouseActive: false)
            #expect(try database.queries().holdCounts().map(\.reason) == ["no_warehouse"])
            try store.run([.test("received", .stock(Self.received(3, "D1")))])
            #expect(try Self.revalidations(database) == [])
            var warehouse = Warehouse(code: "WH1")
            warehouse.revision = 2
            try store.run([.test("opened", .reference(.warehouse(warehouse)))])
            #expect(try Self.revalidations(database) == ["SHOP/1"])
        }
    }

    @Test("an order that was held long before an update is not looked at again and again")
    func longHeld() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.hold(store, quantities: [1])
            try store.run([Shop.placed("SHOP/9", skus: ["B"])])
            try store.run([.test("B", .reference(.product(Product(sku: "B"))))])
            try database.connect().execute(
                "DELETE FROM due; UPDATE holds SET opened_at = opened_at - interval '5 minutes'")
            #expect(try store.sweepRevalidations() == 0)
        }
    }
}
