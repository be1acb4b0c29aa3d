import Postgres
import TestServers
import Testing

@testable import orderflow

@Suite("The exit status")
struct ExitStatusTests {
    private func run(_ environment: [String: String], _ arguments: String...) async throws -> Program.Result {
        try await onThread { try Program(environment: environment).run(arguments) }
    }

    @Test(
        "a server that is short of disk, memory, locks or connections is away for a while: a worker waits for it",
        arguments: ["53100", "53200", "53300"])
    func shortOfResources(state: String) {
        let state = SQLState(rawValue: state)
        for code in [PostgresError.Code.connectFailed, .server] {
            #expect(ExitStatus(PostgresError(code, "", sqlState: state)) == .unavailable)
        }
        #expect(ExitStatus(PostgresError(.connectFailed, "", sqlState: "3D000")) == .usage)
    }

    @Test("is 0 for help, on the standard output, which explains the others")
    func help() async throws {
        let result = try await run([:], "--help")
        #expect(result.status == 0)
        #expect(result.output.contains("EXIT STATUS") && result.messages.isEmpty)
    }

    @Test("is 2 for wrong usage")
    func usage() async throws {
        #expect(try await run([:], "nonsense").status == 2)
        #expect(try await run([:], "order", "cancel").status == 2)
        #expect(try await run([:], "send", "/nowhere").status == 2)
        let lanes = try await run([:], "worker", "--lanes", "65")
        #expect(
            lanes.status == 2 && lanes.messages.contains("--lanes: worker.lanes: expected a whole number from 0 to 64"))
    }

    @Test("is 3 when a server is away")
    func away() async throws {
        let nowhere = [
            "ORDERFLOW_POSTGRES_URL": "postgresql://x@127.0.0.1:1/x", "ORDERFLOW_AMQP_URL": "amqp://x:x@127.0.0.1:1/x",
        ]
        #expect(try await run(nowhere, "order", "list").status == 3)
        #expect(try await run(nowhere, "topology", "declare").status == 3)
        let doctor = try await run(nowhere, "doctor", "--quick")
        #expect(doctor.status == 3)
        #expect(
            doctor.output.contains("away     database") && doctor.output.contains("away     broker"),
            "\(doctor.summary)")
    }

    @Test("is 0 over TLS, with the authority and the password from files")
    func encrypted() async throws {
        let parts = TestServers.amqpsURL.split(separator: "@", maxSplits: 1)
        let password = parts[0].split(separator: ":").last ?? ""
        let result = try await onThread {
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("secret", password + "\n")
            return try Program(environment: [
                "ORDERFLOW_AMQP_URL": "amqps://orderflow@\(parts[1])", "ORDERFLOW_AMQP_CA_FILE": TestServers.caFile,
                "ORDERFLOW_AMQP_PASSWORD_FILE": folder.path("secret"),
                "ORDERFLOW_POSTGRES_URL": TestServers.postgresURL,
            ]).run("doctor", "--quick")
        }
        #expect(result.output.contains("ok       broker"), "\(result.summary)")
        let untrusted = try await run(["ORDERFLOW_AMQP_URL": TestServers.amqpsURL], "topology", "declare")
        #expect(untrusted.status == 2, "\(untrusted.summary)")
    }

    @Test("is 2 for a wrong password, and the message has none in it")
    func password() async throws {
        let url = TestServers.amqpURL.replacing(#/orderflow:[^@]*@/#, with: "orderflow:wrongsecret@")
        let result = try await run(["ORDERFLOW_AMQP_URL": url], "topology", "declare")
        #expect(result.status == 2)
        #expect(!result.messages.contains("wrongsecret"))
    }
}
