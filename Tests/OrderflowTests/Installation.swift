import AMQP
import Glibc
import Postgres
import TestServers

/// A database and a vhost of one test's own, and the program that is set up for them.
struct Installation: Sendable {
    let name: String

    /// Runs a test on a thread of its own, and removes everything afterwards.
    static func use(_ body: @Sendable @escaping (Installation) throws -> Void) async throws {
        try await onThread {
            let installation = Installation(name: TestServers.uniqueName("cli"))
            let management = try ManagementAPI()
            var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
            // Databases are made and dropped with a checkpoint: on a slow disk for minutes.
            configuration.responseTimeoutMilliseconds = nil
            let server = try PostgresConnection(configuration)
            try server.execute("CREATE DATABASE \(installation.name)")
            try management.createVhost(installation.name)
            let result = Swift.Result { try body(installation) }
            try management.deleteVhost(installation.name)
            try server.execute("DROP DATABASE \(installation.name) WITH (FORCE)")
            try result.get()
        }
    }

    var program: Program {
        Program(environment: [
            "ORDERFLOW_POSTGRES_URL": TestServers.postgresURL(database: name),
            "ORDERFLOW_AMQP_URL": TestServers.amqpURL(vhost: name),
            "ORDERFLOW_MANAGEMENT_URL": TestServers.managementURL,
            "ORDERFLOW_SECURITY_STAFF": "orderflow=administrator",
        ])
    }

    func connect() throws -> PostgresConnection {
        var configuration = try PostgresConfiguration(uri: TestServers.postgresURL)
        configuration.database = name
        return try PostgresConnection(configuration)
    }

    func connectBroker() throws -> AMQPConnection {
        try AMQPConnection(AMQPURL(TestServers.amqpURL(vhost: name)), name: "test \(name)", role: .publishing)
    }

    /// Messages that are ready in a queue.
    func depth(of queue: String) throws -> Int {
        let connection = try connectBroker()
        defer { connection.close() }
        return try connection.checkQueue(queue).messageCount
    }

    /// Migrates and declares.
    func setUp() throws {
        try migrate()
        try expectSuccess("topology", "declare")
    }

    /// Migrates alone, for what has nothing to do with the broker.
    func migrate() throws { try expectSuccess("migrate") }

    private func expectSuccess(_ command: String...) throws {
        let result = try program.run(command)
        guard result.status == 0 else { throw ProgramError(result.summary) }
    }

    /// Sets everything up and runs a worker beside the body, which has to end with 0 when it is told to.
    ///
    /// Returns what the worker wrote into its log.
    @discardableResult
    func withWorker(
        lanes: Int = 1, environment: [String: String] = [:], _ body: (Program) throws -> Void
    ) throws -> String {
        try setUp()
        var program = program
        program.environment.merge(environment) { $1 }
        let folder = try Folder()
        defer { folder.remove() }
        let worker = try program.start(["worker", "--lanes", String(lanes)], in: folder)
        let result = Swift.Result { try body(program) }
        if case .failure = result { worker.signal(SIGKILL) } else { worker.signal(SIGTERM) }
        let status = worker.wait()
        try result.get()
        let log = folder.read("messages")
        guard status == 0 else { throw ProgramError("the worker ended with \(status)\n\(log)") }
        return log
    }
}
