import Postgres
import TestServers
import Testing

@Suite("Epochs")
struct EpochTests {
    private static let start = ["epoch", "start", "--by", "ann", "--reason", "restored to noon"]

    @Test("are started by a person who says why, and listed")
    func start() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let program = installation.program
            let unasked = try program.run(Self.start)
            #expect(unasked.status == 2 && unasked.messages.contains("add --yes"), "\(unasked.summary)")
            let started = try program.run(Self.start + ["--yes"])
            #expect(started.status == 0 && started.messages.contains("epoch 2 has begun"), "\(started.summary)")
            let listed = try program.run("epoch", "list")
            #expect(listed.output.contains("restored to noon"), "\(listed.summary)")
        }
    }

    @Test("are not started under workers that run, which are named")
    func running() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                try waitUntil("the worker has its lane") {
                    try installation.connect().query("SELECT count(*) FROM lanes").only().int(0) == 1
                }
                let refused = try program.run(Self.start + ["--yes"])
                #expect(refused.status == 2, "\(refused.summary)")
                #expect(refused.messages.contains("stop the workers first. orderflow main from"), "\(refused.summary)")
                #expect(try program.run("epoch", "list").output.split(separator: "\n").count == 2)
            }
        }
    }
}
