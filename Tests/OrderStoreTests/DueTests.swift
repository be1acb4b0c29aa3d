import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Timers")
struct DueTests {
    static let queue = "payments.callbacks"

    static func set(_ timers: [Timer], _ store: Store) throws {
        var changes = Changes()
        for timer in timers { changes.set(timer) }
        _ = try store.load(LoadRequest())
        try store.write(BatchWrite(workingSet: WorkingSet(), changes: changes, owner: 1))
    }

    static func past(_ kind: Timer.Kind, _ number: String) -> Timer {
        Timer(kind: kind, orderNumber: number, reference: "r", dueAt: Timestamp(microseconds: 1_000_000))
    }

    @Test("a timer that two lanes claim fires once, and a moved one not at all")
    func firesOnce() async throws {
        try await TestStore.use { database in
            let first = try database.store()
            let second = try database.store()
            try Self.set((1...10).map { Self.past(.releaseDelay, "SHOP/\($0)") }, first)
            let claimed = try first.claimDue(limit: 100, paymentsQueue: Self.queue)
            #expect(claimed.count == 10)
            #expect(claimed.allSatisfy { $0.tries == 1 })
            #expect(try second.claimDue(limit: 100, paymentsQueue: Self.queue).isEmpty)
            // The claim lapses, and a second lane claims while the first still works.
            try first.postpone(claimed, seconds: -1)
            let again = try second.claimDue(limit: 100, paymentsQueue: Self.queue)
            #expect(again.map(\.tries) == Array(repeating: 2, count: 10))
            let later = Timer(
                kind: .releaseDelay, orderNumber: "SHOP/1", reference: "r", dueAt: Timestamp(microseconds: 2_000_000))
            try Self.set([later], second)

            var request = LoadRequest()
            request.claimed = claimed
            let fired = try first.load(request).fired
            #expect(fired.count == 9)
            #expect(!fired.contains { $0.timer.orderNumber == "SHOP/1" })
            try first.write(BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1))
            #expect(try second.load(request).fired.isEmpty)
            try second.rollback()
            #expect(try database.queries().due().map(\.orderNumber) == ["SHOP/1"])
        }
    }

    @Test("what a dead lane had claimed is another's after 10 s, and later each time that it happens again")
    func lapses() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.set([Self.past(.releaseDelay, "SHOP/1")], store)
            var lasting: [Int] = []
            for _ in 1...5 {
                #expect(try store.claimDue(limit: 1, paymentsQueue: Self.queue).count == 1)
                let seconds = try database.connect().query(
                    "SELECT round(extract(epoch FROM next_at - now()))::bigint FROM due"
                ).only().int(0)
                lasting.append((seconds + 2) / 5 * 5)
                try database.connect().execute("UPDATE due SET next_at = now()")
            }
            #expect(lasting == [10, 20, 40, 60, 60])
        }
    }

    @Test("a timer whose batch is rolled back fires later")
    func rolledBack() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try Self.set([Self.past(.autoReceive, "SHOP/1")], store)
            var request = LoadRequest()
            request.claimed = try store.claimDue(limit: 1, paymentsQueue: Self.queue)
            #expect(try store.load(request).fired.count == 1)
            try store.rollback()
            #expect(try store.load(request).fired.count == 1)
        }
    }

    @Test("a payment timeout is claimed only after a marker asked for later has come back and settled")
    func marker() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            #expect(try store.askMarker(queue: Self.queue) == nil)
            try Self.set([Self.past(.paymentTimeout, "SHOP/1")], store)
            func claim(settle: Int64) throws -> Int {
                try store.claimDue(limit: 10, paymentsQueue: Self.queue, settleSeconds: settle).count
            }
            #expect(try claim(settle: 0) == 0)
            let marker = try #require(try store.askMarker(queue: Self.queue))
            #expect(try store.askMarker(queue: Self.queue) == nil)
            #expect(try claim(settle: 0) == 0)
            try store.markerReturned(marker)
            #expect(try claim(settle: 30) == 0)
            #expect(try store.askMarker(queue: Self.queue) == nil)
            #expect(try claim(settle: 0) == 1)
        }
    }

    @Test("timers are moved when set again, and dropped")
    func setAndDrop() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let far = Timer(kind: .inDoubt, orderNumber: "SHOP/1", reference: "r", dueAt: Timestamp(microseconds: .max))
            try Self.set([Self.past(.inDoubt, "SHOP/1"), far], store)
            let due = try database.queries().due(of: "SHOP/1")
            #expect(due.count == 1)
            #expect(try store.claimDue(limit: 10, paymentsQueue: Self.queue).isEmpty)
            var changes = Changes()
            changes.drop(TimerKey(kind: .inDoubt, orderNumber: "SHOP/1", reference: "r"))
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: changes, owner: 1))
            #expect(try database.queries().due().isEmpty)
        }
    }

    @Test("orders held for a product are looked at again when it becomes known, also when hold and product crossed")
    func revalidate() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            var policy = StorePolicy()
            policy.onInvalid = .hold
            try store.run([
                .test("channel", .reference(.seller(Seller(.internal, code: "SHOP", policy: policy)))),
                .test("warehouse", .reference(.warehouse(Warehouse(code: "WH1")))),
            ])
            try store.run([Shop.placed("SHOP/1", skus: ["A"]), Shop.placed("SHOP/2", skus: ["B"])])
            #expect(try database.queries().holdCounts().map(\.reason).contains("unknown_sku"))
            try store.run([.test("product", .reference(.product(Product(sku: "A"))))])
            func revalidations() throws -> [String] {
                try database.queries().due().filter { $0.kind == "revalidate" }.map(\.orderNumber)
            }
            #expect(try revalidations() == ["SHOP/1"])
            try store.connection.query("DELETE FROM due WHERE kind = 'revalidate'")
            #expect(try store.sweepRevalidations() == 1)
            #expect(try revalidations() == ["SHOP/1"])
        }
    }
}
