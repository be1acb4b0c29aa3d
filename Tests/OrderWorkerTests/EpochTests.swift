import OrderStore
import Postgres
import TestSite
import Testing

@Suite("P4: after a restore to an earlier moment events are told apart from those that the database has lost")
struct EpochTests {
    @Test("they carry the new epoch, number from 1 without a gap, and have other ids")
    func newEpoch() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.waitUntilQuiet()
            let epochs = Epochs(connection: try site.connect())
            #expect(throws: StoreError.self) { try epochs.start(by: "ann", reason: "a worker runs") }
            first.stop()
            let before = site.sink.all
            // The last event to ERP, as it stands in a backup that was made before its confirm.
            try site.database.execute(
                """
                INSERT INTO outbox (subject, receiver, number, event_id, event_day, owner)
                SELECT l.subject, d.receiver, d.number, l.id, l.day, 1
                FROM event_log AS l CROSS JOIN unnest(l.receivers, l.numbers) AS d (receiver, number)
                WHERE l.subject = 'shop/1' AND d.receiver = 'erp' ORDER BY d.number DESC LIMIT 1
                """)
            #expect(try epochs.start(by: "ann", reason: "restored to noon") == 2)

            try site.startWorker()
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            try site.place("shop/2")
            try site.waitFor("shop/2", "awaiting_payment")
            try site.waitUntilQuiet()
            let after = site.sink.all.dropFirst(before.count)
            let told = after.filter { $0.receiver == "erp" && $0.subject == "shop/1" }
            let known = before.last { $0.receiver == "erp" && $0.subject == "shop/1" }
            // What was not confirmed comes as it was, and before all that is new.
            #expect(told.first?.id == known?.id && told.first?.body == known?.body)
            let new = told.dropFirst()
            #expect(new.count >= 3 && new.allSatisfy { $0.epoch == 2 })
            #expect(new.map(\.sequence) == Array(1...new.count))
            #expect(Set(before.map(\.id)).isDisjoint(with: new.map(\.id)))
            try site.audit()
            try site.checkDeliveries()
        }
    }

    @Test("a receiver asks for events of the epoch that lasts, or of the one that it names")
    func resend() async throws {
        try await Site.use(workers: 0) { site in
            let first = try site.startWorker()
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.waitUntilQuiet()
            first.stop()
            _ = try Epochs(connection: site.connect()).start(by: "ann", reason: "restored to noon")
            try site.startWorker()
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            try site.waitUntilQuiet()
            let stream = site.sink.stream("erp", "shop/1")
            func ask(_ id: String, _ more: [String: Any]) throws -> [String] {
                let before = site.sink.all.count
                let wish: [String: Any] = ["receiver": "erp", "subject": "shop/1", "fromNumber": 1]
                try site.send(
                    "delivery.resend", to: "order.command", wish.merging(more) { $1 }, source: "erp", id: id)
                #expect(try site.outcome(of: id, source: "erp") == "done")
                try site.waitUntilQuiet()
                try site.wait("they come again") { site.sink.all.count > before }
                return site.sink.all.dropFirst(before).map(\.id)
            }
            #expect(try ask("now", [:]) == stream.filter { $0.epoch == 2 }.map(\.id))
            #expect(try ask("before", ["epoch": 1]) == stream.map(\.id))
            try site.checkDeliveries()
        }
    }
}
