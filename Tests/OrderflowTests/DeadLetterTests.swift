import Postgres
import TestServers
import Testing

@Suite("Dead messages, as staff meet them")
struct DeadLetterTests {
    private static let staff = ["--by", "alice", "--reason", "the partner mended it"]

    /// Payments that can't be read, of two kinds, and one body that is no JSON.
    private static let rubbish =
        (1...12).map {
            #"{"type":"payment.captured.v1","source":"gateway","id":"\#($0)","data":{"gateway":"alipay","transactionId":"T","orderNumber":"shop/1","amountMinor":"two"}}"#
        } + [#"{"type":"payment.captured.v9","source":"gateway","id":"v9","data":{"orderNumber":"shop/1"}}"#]

    /// An installation with thirteen messages that are dead, and a worker.
    private func withRubbish(_ body: @Sendable @escaping (Installation, Program) throws -> Void) async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                _ = try program.run("send", "-", input: Self.rubbish.joined(separator: "\n"))
                try waitUntil("all are dead") {
                    try program.run("dead", "list").output.split(separator: "\n").count == 1 + Self.rubbish.count
                }
                try body(installation, program)
            }
        }
    }

    @Test("are counted by what is wrong with them, and listed by group, type, source and text")
    func groups() async throws {
        try await withRubbish { _, program in
            let groups = try program.run("dead", "groups")
            #expect(
                groups.output.contains("payment.captured.v1") && groups.output.contains(" 12 "), "\(groups.summary)")
            func listed(_ arguments: String...) throws -> Int {
                let result = try program.run(["dead", "list"] + arguments)
                return max(0, result.output.split(separator: "\n").count - 1)
            }
            #expect(try listed("--type", "payment.captured") == 13)
            #expect(try listed("--type", "payment.captured.v9") == 1)
            #expect(try listed("--group", "unknown_version payment.captured.v9") == 1)
            #expect(try listed("--source", "gateway", "--queue", "payments.callbacks") == 13)
            #expect(try listed("--source", "nobody") == 0)
            #expect(try listed("--matching", "OPERATIONID") == 12)
            #expect(try listed("--since", "1h", "--until", "0s") == 13)
            #expect(try listed("--until", "1h") == 0)
            #expect(try listed("--since", "2020-01-01T00:00:00Z") == 13)
            #expect(try program.run("dead", "list", "--since", "yesterday").status == 2)
        }
    }

    @Test("are replayed by choice only after a look: shown, asked for, in portions, counted on the same record")
    func replay() async throws {
        try await withRubbish { installation, program in
            let choice = ["dead", "replay", "--all", "--type", "payment.captured.v1"] + Self.staff
            let look = try program.run(choice + ["--dry-run"])
            #expect(look.status == 0 && look.messages.contains("12 to replay"), "\(look.summary)")
            let unasked = try program.run(choice)
            #expect(unasked.status == 2 && unasked.messages.contains("add --yes"), "\(unasked.summary)")
            let database = try installation.connect()
            func count(_ sql: String) throws -> Int { try database.query("SELECT count(*) FROM \(sql)").only().int(0) }
            #expect(try count("inbox WHERE source LIKE '%/cli'") == 0, "nothing was sent")

            let replay = try program.run(choice + ["--yes", "--per-second", "5"])
            #expect(replay.status == 0 && replay.messages.contains("12 of 12:"), "\(replay.summary)")
            #expect(try count("inbox WHERE source LIKE '%/cli'") == 3, "three portions")
            try waitUntil("all are dead again") { try count("dead_messages WHERE state = 'dead' AND tries = 2") == 12 }
            #expect(try count("dead_messages") == 13)

            let shown = try program.run("dead", "show", "1")
            #expect(
                shown.output.contains("TRIES") && shown.output.contains("the partner mended it"), "\(shown.summary)")
            #expect(shown.output.contains("alice") && !shown.output.contains("two"))

            let drop = try program.run(
                ["dead", "drop", "--group", "unknown_version payment.captured.v9", "--yes"] + Self.staff)
            #expect(drop.status == 0 && drop.messages.contains("1 dropped"), "\(drop.summary)")
            let again = try program.run(["dead", "drop", "13"] + Self.staff)
            #expect(again.status == 1 && again.messages.contains("none of them is dead"), "\(again.summary)")
        }
    }

    @Test("are named in one way at a time")
    func usage() async throws {
        try await onThread { () throws in
            for choice in [
                [], ["1", "--all"], ["--group", "f", "--all"], ["1", "--type", "t"], ["0"],
                ["--all", "--per-second", "0"],
            ] {
                #expect(try Program().run(["dead", "replay"] + choice + Self.staff).status == 2, "\(choice)")
            }
        }
    }
}
