import Postgres
import TestServers
import Testing

@testable import OrderCore
@testable import OrderStore

@Suite("Plans of statements")
struct PlanTests {
    @Test("what was planned over empty tables is planned anew as they grow")
    func growth() async throws {
        try await TestStore.use { database in
            let connection = try database.connect()
            try connection.execute("VACUUM ANALYZE")
            // Nobody else is to notice that they have grown.
            try connection.execute("ALTER TABLE stock SET (autovacuum_enabled = false)")
            let store = try database.store()
            let skus = (1...300).map { "SKU-\($0)" }
            try store.run(Shop.messages(skus: skus, onHand: 10))
            try store.run([Shop.placed("SHOP/1", skus: ["SKU-7"])])
            var orders = 1
            try waitUntil("a plan that looks goods up") {
                orders += 1
                try store.run([Shop.placed("SHOP/\(orders)", skus: ["SKU-8"])])
                return try !scansOfAllStock(store)
            }
        }
    }

    @Test("plans are made again after 1, 2, 4 s and so on to a minute; a clock set back begins anew")
    func age() {
        var age = PlanAge()
        let seconds: [Int64] = Array(0...200) + [100, 159, 160]
        let made = seconds.indices.filter { age.isOver(at: Timestamp(microseconds: seconds[$0] * 1_000_000)) }
        #expect(made == [1, 3, 7, 15, 31, 63, 123, 183, 203])
    }

    /// Whether the session's plan for locking the stock of one product goes through that of all.
    private func scansOfAllStock(_ store: Store) throws -> Bool {
        let plan = try store.connection.query("EXPLAIN EXECUTE \"lock stock\" ('{SKU-7}', '{SKU-7}', '{WH1}')")
            .map { row in try row.text(0) }
        return plan.indices.contains { place in
            plan[place].contains("using stock_pkey")
                && !(place + 1 < plan.count && plan[place + 1].contains("Index Cond"))
        }
    }
}
