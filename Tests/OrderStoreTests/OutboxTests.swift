import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("The outbox")
struct OutboxTests {
    /// Places an order whose events belong to this lane, and returns their rows.
    static func place(_ number: String, _ store: Store, owner: Int64) throws -> [OutboxRow] {
        let done = try store.run([Shop.placed(number, skus: ["A"])], owner: owner)
        return zip(done.changes.events, done.result.eventIDs).flatMap { event, id in
            event.deliveries.map { delivery in
                let stream = OutboxStream(subject: event.subject.text, receiver: delivery.receiver)
                let key = OutboxKey(stream: stream, number: delivery.number, eventID: id)
                return OutboxRow(key: key, eventDay: done.result.eventDay)
            }
        }
    }

    @Test("rows stand there until they are confirmed, with the batch or alone")
    func confirm() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let lane = try store.takeLaneNumber(instance: "a")
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: lane)
            try store.deleteConfirmed(try store.unconfirmed(of: lane).map(\.key))
            let rows = try Self.place("SHOP/1", store, owner: lane)
            #expect(rows.count > 3)
            #expect(Set(try store.unconfirmed(of: lane)) == Set(rows))
            try store.run([], owner: lane) { batch in batch.confirmed = [rows[0].key] }
            try store.deleteConfirmed([rows[1].key])
            #expect(try database.count("outbox") == Int64(rows.count - 2))
            let status = try database.queries().outbox()
            #expect(status.reduce(0) { $0 + $1.waiting } == Int64(rows.count - 2))
        }
    }

    @Test("the head of a stream is its lowest unconfirmed number, of whatever lane")
    func heads() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: 1)
            let rows = try Self.place("SHOP/1", store, owner: 1)
            let stream = OutboxStream(subject: "SHOP/1", receiver: "erp")
            let mine = rows.filter { $0.key.stream == stream }.sorted { $0.key < $1.key }
            #expect(mine.map(\.key.number) == Array(1...Int64(mine.count)))
            let request = OrderRequest(kind: .received, orderNumber: "SHOP/1", requestID: "r", occurredAt: .noon)
            try store.run([.test("parked", .request(request))], owner: 2)
            let waiting = try store.run([], owner: 2) { batch in batch.waiting = [stream] }
            #expect(waiting.result.heads == [stream: 1])
            try store.deleteConfirmed([mine[0].key])
            #expect(try store.heads(of: [stream, OutboxStream(subject: "x", receiver: "y")]) == [stream: 2])
        }
    }

    @Test("a lane's rows are adopted only when its session is gone, by one survivor, in order and with their data")
    func adoption() async throws {
        try await TestStore.use { database in
            let survivor = try database.store()
            let mine = try survivor.takeLaneNumber(instance: "survivor")
            let other = try database.store()
            let others = try other.takeLaneNumber(instance: "other")
            #expect(mine != others)
            try other.run(Shop.messages(skus: ["A"], onHand: 5), owner: others)
            let rows = try Self.place("SHOP/1", other, owner: others)
            #expect(try survivor.adoptOutbox(for: mine).isEmpty)
            other.connection.close()
            var adopted: [StoredEvent] = []
            try waitUntil("the dead lane's rows are adopted") {
                adopted += try survivor.adoptOutbox(for: mine)
                return !adopted.isEmpty
            }
            #expect(Set(adopted.map(\.row)).isSuperset(of: rows))
            #expect(adopted.map(\.row.key) == adopted.map(\.row.key).sorted())
            #expect(adopted.allSatisfy { $0.data == Array("{}".utf8) && $0.type.hasSuffix(".v1") })
            #expect(try database.count("outbox WHERE owner <> \(mine)") == 0)
            #expect(try database.count("lanes") == 1)
            #expect(try survivor.adoptOutbox(for: mine).isEmpty)
        }
    }

    @Test("what the broker can't route is set aside and comes back when its time has come")
    func setAside() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: 1)
            let rows = try Self.place("SHOP/1", store, owner: 1)
            try store.setAside([SetAside(rows[0].key, .unroutable)], retryAfterSeconds: 3_600)
            #expect(try store.retries(of: 1).isEmpty)
            try store.setAside([SetAside(rows[0].key, .unroutable)], retryAfterSeconds: 0)
            let retries = try store.retries(of: 1)
            #expect(retries.map(\.row) == [rows[0]])
            #expect(retries.map(\.returns) == [2])
        }
    }

    @Test("of more that is set aside than is tried at once all have their turn")
    func turns() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: 1)
            for number in 1...3 {
                let rows = try Self.place("SHOP/\(number)", store, owner: 1)
                try store.setAside(rows.map { SetAside($0.key, .unroutable) }, retryAfterSeconds: 0)
            }
            let all = try Set(store.retries(of: 1).map(\.row.key))
            var tried: Set<OutboxKey> = []
            for _ in 1...all.count {
                let next = try store.retries(of: 1, limit: 1)
                tried.formUnion(next.map(\.row.key))
                try store.setAside(next.map { SetAside($0.row.key, .unroutable) }, retryAfterSeconds: 0)
            }
            #expect(tried == all)
        }
    }

    @Test("what is wanted at once is tried first, and all that waits of it is told with the reason")
    func hastened() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: 1)
            for number in 1...2 {
                let rows = try Self.place("SHOP/\(number)", store, owner: 1).filter { $0.key.stream.receiver == "erp" }
                try store.setAside([SetAside(rows[0].key, .unroutable)], retryAfterSeconds: number == 1 ? 0 : 3_600)
            }
            #expect(try store.subjects(of: "SHOP/2").contains("SHOP/2"))
            let waiting = try store.hastenOutput(of: ["SHOP/2"])
            #expect(waiting.map(\.receiver) == ["erp", "storefront"])
            #expect(waiting.map(\.reason) == [.unroutable, nil])
            #expect(waiting.map(\.tries) == [1, 0])
            #expect(try store.retries(of: 1, limit: 1).map(\.row.key.stream.subject) == ["SHOP/2"])
            #expect(try store.hastenOutput(of: ["SHOP/9"]).isEmpty)
        }
    }

    @Test("a receiver that lost events gets them again from a number on, with the same ids")
    func resend() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: 1)
            let rows = try Self.place("SHOP/1", store, owner: 1)
            let stream = OutboxStream(subject: "SHOP/1", receiver: "storefront")
            let mine = rows.filter { $0.key.stream == stream }.sorted { $0.key < $1.key }
            try store.deleteConfirmed(rows.map(\.key))
            let again = try store.events(of: stream, from: 2)
            #expect(again.map(\.row) == Array(mine.dropFirst()))
            let result = try store.run([], owner: 1) { batch in batch.resent = again.map(\.row) }.result
            #expect(result.heads == [stream: 2])
            #expect(
                try store.unconfirmed(of: 1).filter { $0.key.stream == stream } == Array(mine.dropFirst()))
        }
    }
}
