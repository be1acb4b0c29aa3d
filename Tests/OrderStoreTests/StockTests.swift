import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Stock in the database")
struct StockTests {
    @Test("the database refuses to promise more than there is, as a fault of the data")
    func oversell() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            var set = WorkingSet()
            let key = StockKey(sku: "A", warehouse: "WH1")
            set.stock.update(key) { level in
                level.onHand = 5
                level.reserved = 6
            }
            _ = try store.load(LoadRequest())
            let error = try #require(throws: StoreError.self) {
                try store.write(BatchWrite(workingSet: set, changes: Changes(), owner: 1))
            }
            guard case .database(let cause) = error else { throw error }
            #expect(cause.constraint == "stock_not_oversold")
            #expect(error.policy == .dataFault)
            try store.rollback()
            set.stock.update(key) { $0.missing = 1 }
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: set, changes: Changes(), owner: 1))
            #expect(try database.queries().stock().map(\.missing) == [1])
        }
    }

    @Test("the last unit is sold once, however many lanes try at the same moment")
    func lastUnit() async throws {
        try await TestStore.useFromThreads { database in
            try await onThread { _ = try database.store().run(Shop.messages(skus: ["A"], onHand: 7)) }
            try await database.inLanes(rounds: 5) { store, lane, round in
                let numbers = (0..<4).map { "SHOP/\(lane)-\(round)-\($0)" }
                try store.run(numbers.map { Shop.placed($0, skus: ["A"]) })
            }
            try await onThread {
                let queries = try database.queries()
                #expect(try queries.stock().map(\.reserved) == [7])
                #expect(try queries.orderCounts() == ["released": 7, "rejected": 53])
                #expect(try queries.stockJournal(of: StockKey(sku: "A", warehouse: "WH1")).count == 8)
            }
        }
    }

    @Test("a count below what is promised sets due rows for the newest orders, until they cover what is missing")
    func takeAway() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A", "B"], onHand: 10))
            for number in 1...5 {
                var placed = OrderPlaced.test("SHOP/\(number)", skus: ["A", "A", "B"])
                placed.placedAt = Timestamp(microseconds: Timestamp.noon.microseconds + Int64(number))
                try store.run([.test("placed \(number)", .orderPlaced(placed))])
            }
            let counted = StockReport(
                kind: .counted, key: StockKey(sku: "A", warehouse: "WH1"), quantity: 7, document: "C",
                occurredAt: Timestamp(microseconds: Timestamp.noon.microseconds + 9))
            let changes = try store.run([.test("count", .stock(counted))]).changes
            #expect(changes.takeAways == [counted.key])
            let due = try database.queries().due().filter { $0.kind == "take_away" }
            #expect(Set(due.map(\.orderNumber)) == ["SHOP/5", "SHOP/4"])
            #expect(Set(due.map(\.reference)) == ["A@WH1"])
            #expect(try database.queries().stock(sku: "A").map(\.missing) == [3])
        }
    }
}
