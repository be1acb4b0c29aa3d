import Foundation
import Postgres
import TestSite
import Testing

@Suite("P7: dead messages are replayed or dropped by staff")
struct DeadLetterTests {
    @Test("a dead message whose cause is mended is replayed: same id, outcome done, who and why recorded")
    func replay() async throws {
        try await Self.withDead { site in
            try site.database.execute("ALTER TABLE order_lines DROP CONSTRAINT no_culprit")
            try site.settleDead("message.replay", id: "replay")
            try site.waitFor("shop/culprit", "awaiting_payment")
            #expect(try site.outcome(of: "culprit") == "done")
            #expect(try site.text("SELECT state FROM dead_messages") == "replayed")
            #expect(try site.text("SELECT settled_by FROM dead_messages") == "ann")
            #expect(try site.text("SELECT settled_why FROM dead_messages") == "a test")
            #expect(try site.count("SELECT count(*) FROM message_log WHERE id = 'culprit' AND outcome = 'done'") == 1)
            try site.audit()
            // Only what is dead can be replayed: a second wish changes nothing.
            try site.settleDead("message.replay", id: "again")
            try site.outcome(of: "again", source: "console")
            #expect(try site.count("SELECT version FROM orders WHERE number = 'shop/culprit'") == 1)
        }
    }

    @Test("a replay of what is still wrong leaves it dead, counted on the same record with who wanted it and why")
    func stillWrong() async throws {
        try await Self.withDead { site in
            try site.settleDead("message.replay", id: "replay")
            try site.wait("the command has had its end") {
                try site.text("SELECT outcome FROM inbox WHERE id = 'replay'") != nil
            }
            try site.place("shop/after")
            try site.waitFor("shop/after", "awaiting_payment")
            try site.wait("it is dead again") { try site.outcome(of: "culprit") == "dead" }
            #expect(try site.count("SELECT count(*) FROM dead_messages WHERE state = 'dead' AND id = 'culprit'") == 1)
            #expect(try site.text("SELECT string_agg(state || tries, ' ') FROM dead_messages") == "dead2")
            #expect(
                try site.text("SELECT string_agg(try || decision || decided_by || why, ' ') FROM dead_decisions")
                    == "1replayedanna test")
            // The third time it works.
            try site.database.execute("ALTER TABLE order_lines DROP CONSTRAINT no_culprit")
            try site.settleDead("message.replay", id: "again")
            try site.waitFor("shop/culprit", "awaiting_payment")
            #expect(try site.text("SELECT string_agg(state || tries, ' ') FROM dead_messages") == "replayed2")
            try site.audit()
        }
    }

    @Test("a message that could not be read and can be now is known by what it says: told again it is no conflict")
    func readAtLast() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.pay("shop/1", id: "pay")
            try site.waitFor("shop/1", "released")
            // As an older program that could not read it would have left it.
            try site.database.execute(
                """
                WITH m AS (SELECT * FROM message_log WHERE id = 'pay' AND body IS NOT NULL)
                INSERT INTO dead_messages (source, id, queue, type, headers, body, body_length, body_hash, reason, fingerprint)
                SELECT source, 'late', queue, type, coalesce(headers, '{}'), b, length(b),
                    left(encode(sha256(b), 'hex'), 32)::uuid, 'unknown type', 'unknown_type'
                FROM m, LATERAL (SELECT convert_to(replace(convert_from(body, 'UTF8'), '"pay"', '"late"'), 'UTF8')) AS t (b);
                INSERT INTO inbox (source, id, part, content_hash, outcome, reason)
                SELECT source, id, part, body_hash, 'dead', reason FROM dead_messages
                """)
            let body = try site.database.query("SELECT body FROM dead_messages").only().bytes(0)
            func tellAgain() throws { try site.send(body: Data(body), to: "payment.callback") }
            try tellAgain()
            try site.settleDead("message.replay", id: "replay")
            try site.wait("it has its outcome") {
                try site.text("SELECT outcome FROM inbox WHERE source = 'gateway' AND id = 'late'") == "done"
            }
            try tellAgain()
            let other = String(decoding: body, as: UTF8.self).replacing(
                #""specversion""#, with: #""subject":"as another sender writes it","specversion""#)
            try site.send(body: Data(other.utf8), to: "payment.callback")
            try site.place("shop/2")
            try site.pay("shop/2", id: "after")
            try site.waitFor("shop/2", "released")
            #expect(try site.count("SELECT count(*) FROM conflicts") == 0)
            #expect(try site.count("SELECT captured FROM orders WHERE number = 'shop/1'") == 1_000)
            try site.audit()
        }
    }

    @Test("a whole group is replayed at once, however many they are, and one that is still wrong hurts no other")
    func group() async throws {
        try await Site.use { site in
            try site.open(stock: 10_000)
            try site.database.execute("ALTER TABLE order_lines ADD CONSTRAINT no_culprit CHECK (quantity <> 7)")
            for index in 1...300 { try site.place("shop/\(index)", quantities: [7]) }
            try site.wait("all are dead", within: 120) {
                try site.count("SELECT count(*) FROM dead_messages WHERE state = 'dead'") == 300
            }
            try site.database.execute(
                """
                ALTER TABLE order_lines DROP CONSTRAINT no_culprit;
                ALTER TABLE order_lines ADD CONSTRAINT no_culprit CHECK (order_number <> 'shop/150')
                """)
            let fingerprint = try site.text("SELECT min(fingerprint) FROM dead_messages") ?? ""
            try site.send(
                "message.replay", to: "staff.command", ["fingerprint": fingerprint, "by": "ann", "reason": "mended"],
                source: "console", id: "replay", user: "orderflow")
            try site.wait("all the others are placed", within: 120) {
                try site.count("SELECT count(*) FROM orders WHERE status = 'awaiting_payment'") == 299
            }
            #expect(try site.text("SELECT reason FROM inbox WHERE id = 'replay'") == "300 to be processed again")
            try site.wait("the one that is still wrong is dead again", within: 60) {
                try site.text("SELECT order_number FROM dead_messages WHERE state = 'dead'") == "shop/150"
            }
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
        }
    }

    @Test("a message of several parts that is dead is replayed with all of them, and only with those that died with it")
    func parts() async throws {
        try await Site.use { site in
            try site.open()
            for number in ["shop/1", "shop/2"] {
                try site.place(number)
                try site.waitFor(number, "awaiting_payment")
            }
            try site.database.execute(
                "ALTER TABLE payment_facts ADD CONSTRAINT no_culprit CHECK (transaction <> 'T-culprit')")
            try site.payTogether(["shop/1", "shop/2", "shop/3"], transaction: "T-culprit", id: "culprit")
            #expect(try site.outcome(of: "culprit", source: "gateway") == "dead")
            try site.audit()
            try site.database.execute("ALTER TABLE payment_facts DROP CONSTRAINT no_culprit")
            try site.settleDead("message.replay", id: "replay")
            try site.waitFor("shop/1", "released")
            try site.waitFor("shop/2", "released")
            let outcomes = "SELECT string_agg(outcome, ' ' ORDER BY part) FROM inbox WHERE id = 'culprit'"
            #expect(try site.text(outcomes) == "done done parked")
            try site.audit()
            // It is one message: what is told again has no effect.
            try site.payTogether(["shop/1", "shop/2", "shop/3"], transaction: "T-culprit", id: "culprit")
            try site.place("shop/3")
            try site.waitFor("shop/3", "released")
            #expect(try site.count("SELECT sum(captured)::bigint FROM orders") == 3_000)
            #expect(try site.text(outcomes) == "done done done")
            try site.audit()
        }
    }

    @Test("a dead message that is dropped stays in the list with who and why, and is applied no more")
    func drop() async throws {
        try await Self.withDead { site in
            try site.settleDead("message.drop", id: "drop")
            try site.wait("it is dropped") { try site.text("SELECT state FROM dead_messages") == "dropped" }
            #expect(try site.text("SELECT settled_by FROM dead_messages") == "ann")
            try site.settleDead("message.replay", id: "late")
            try site.outcome(of: "late", source: "console")
            #expect(try site.status(of: "shop/culprit") == nil)
            try site.audit()
        }
    }

    @Test("a command that no listed broker user vouches for is refused, and the message stays dead")
    func stranger() async throws {
        try await Self.withDead { site in
            try site.settleDead("message.drop", id: "drop", user: nil)
            #expect(try site.outcome(of: "drop", source: "console") == "conflict")
            #expect(try site.text("SELECT state FROM dead_messages") == "dead")
            #expect(try site.count("SELECT count(*) FROM conflicts WHERE kind = 'forbidden'") == 1)
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.command("cancel", "shop/1", id: "cancel", user: nil)
            #expect(try site.outcome(of: "cancel", source: "console") == "conflict")
            #expect(try site.status(of: "shop/1") == "awaiting_payment")
        }
    }

    /// A site with one dead message, `culprit`, whose cause is a constraint.
    private static func withDead(_ body: @Sendable @escaping (Site) throws -> Void) async throws {
        try await Site.use { site in
            try site.open()
            try site.database.execute(
                "ALTER TABLE order_lines ADD CONSTRAINT no_culprit CHECK (order_number <> 'shop/culprit')")
            try site.place("shop/culprit", id: "culprit")
            _ = try site.outcome(of: "culprit")
            try body(site)
        }
    }
}
