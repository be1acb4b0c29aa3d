package import AMQP
package import Foundation
import OrderCore
import OrderStore
package import OrderWorker
package import Postgres
import Synchronization
package import TestServers

/// A shop's whole site for one test: a database and a vhost of its own, workers, and everyone who speaks with them.
package final class Site: @unchecked Sendable {
    package let name: String
    package let servers: SiteServers
    package private(set) var database: PostgresConnection
    package let sender: Sender
    package let sink: Sink
    private var workers: [RunningWorker] = []
    private var processes: [WorkerProcess] = []
    private let sent = Atomic<Int>(0)
    /// Documents and requests need numbers that no other has.
    private let counter = Atomic<Int>(0)
    /// Takes what is sent instead of `sender`: a load that goes on while a test does something else.
    package var outlet: (@Sendable (SentMessage) -> Void)?

    /// Runs a test on a thread of its own with a fresh site, which is removed afterwards.
    package static func use(
        workers: Int = 1, lanes: Int = 1, on servers: SiteServers = .main,
        _ body: @Sendable @escaping (Site) throws -> Void
    ) async throws {
        await SiteGate.main.enter()
        let result = await Result { try await onThread { try run(workers: workers, lanes: lanes, on: servers, body) } }
        await SiteGate.main.leave()
        try result.get()
    }

    /// As `use`, on the calling thread.
    package static func run(
        workers: Int = 1, lanes: Int = 1, on servers: SiteServers, _ body: (Site) throws -> Void
    ) throws {
        let site = try Site(TestServers.uniqueName("worker"), servers)
        defer { site.remove() }
        for _ in 0..<workers { try site.startWorker { $0.lanes = lanes } }
        try body(site)
    }

    private init(_ name: String, _ servers: SiteServers) throws {
        self.name = name
        self.servers = servers
        try servers.administer("CREATE DATABASE \(name)")
        database = try PostgresConnection(PostgresConfiguration(uri: servers.postgresURL(database: name)))
        _ = try Migrator(Migrations.all).migrate(database)
        try ManagementAPI(url: servers.managementURL).createVhost(name)
        let url = try AMQPURL(servers.amqpURL(vhost: name))
        let connection = try AMQPConnection(url, name: "test set-up", role: .publishing)
        try OrderflowTopology.topology.declare(on: connection)
        connection.close()
        sender = Sender(url)
        sink = Sink(url)
    }

    /// Settings as a test wants them: nothing waits for long.
    package func settings() throws -> WorkerSettings {
        var settings = WorkerSettings(
            instance: "test", broker: try AMQPURL(servers.amqpURL(vhost: name)),
            database: try PostgresConfiguration(uri: servers.postgresURL(database: name)))
        settings.lanes = 1
        settings.markerGraceSeconds = 0
        settings.authority.sellersBySource = ["shop": ["*"]]
        settings.authority.receiversBySpeaker = ["erp": ["erp"]]
        settings.authority.staffRolesByUser = ["orderflow": [.administrator]]
        return settings
    }

    /// Starts one more worker in this process.
    @discardableResult
    package func startWorker(_ adjust: (inout WorkerSettings) -> Void = { _ in }) throws -> RunningWorker {
        var settings = try settings()
        adjust(&settings)
        let worker = RunningWorker(settings)
        workers.append(worker)
        return worker
    }

    /// Starts `orderflow worker` as a process of its own, which can be killed.
    @discardableResult
    package func startProcess(lanes: Int = 1, environment: [String: String] = [:]) throws -> WorkerProcess {
        let process = try WorkerProcess(
            postgresURL: servers.postgresURL(database: name), amqpURL: servers.amqpURL(vhost: name), lanes: lanes,
            environment: environment)
        processes.append(process)
        return process
    }

    /// Settings under which a worker has the rights of its role and no others.
    package func limitedSettings() throws -> PostgresConfiguration {
        try PostgresConfiguration(
            uri: servers.postgresURL(database: name) + "?options=-c%20role%3Dorderflow_worker")
    }

    /// A fresh session on the site's database, where the first one may be gone.
    package func connect() throws -> PostgresConnection {
        try PostgresConnection(PostgresConfiguration(uri: servers.postgresURL(database: name)))
    }

    /// Makes the test's own session anew, after its server was away.
    package func reconnect() throws {
        database.close()
        database = try connect()
    }

    /// The broker's management API.
    package func management() throws -> ManagementAPI { try ManagementAPI(url: servers.managementURL) }

    package func amqpURL() throws -> AMQPURL { try AMQPURL(servers.amqpURL(vhost: name)) }

    private func remove() {
        for process in processes { process.kill9() }
        for worker in workers { worker.askToStop() }
        for worker in workers { worker.stop() }
        sink.close()
        sender.close()
        database.close()
        try? ManagementAPI(url: servers.managementURL).deleteVhost(name)
        try? servers.administer("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// A number that was not given before.
    package func next() -> Int { counter.add(1, ordering: .relaxed).newValue }

    /// Publishes a message.
    package func send(
        _ type: String, to key: String, _ data: [String: Any], source: String = "shop", id: String? = nil,
        user: String? = nil
    ) throws {
        let id = id ?? "m-\(sent.add(1, ordering: .relaxed).newValue)"
        let envelope: [String: Any] = [
            "specversion": "1.0", "id": id, "source": source, "type": type + ".v1", "data": data,
        ]
        let body = try JSONSerialization.data(withJSONObject: envelope, options: .sortedKeys)
        send(SentMessage(source: source, id: id, type: type + ".v1", key: key, body: body, user: user))
    }

    /// Publishes bytes, structured unless told otherwise.
    package func send(
        body: Data, to key: String, contentType: String = "application/cloudevents+json", user: String? = nil
    ) throws {
        send(SentMessage(source: "", id: "", type: "", key: key, body: body, contentType: contentType, user: user))
    }

    private func send(_ message: SentMessage) {
        if let outlet { outlet(message) } else { sender.send(message) }
    }

    /// Waits until all that was sent is confirmed.
    package func flush(within seconds: Double = 90) throws { try sender.flush(within: seconds) }

    /// A single number from the database.
    package func count(_ sql: String) throws -> Int { try database.query(sql).only().int(0) }

    /// A single text from the database; nil where there is no row.
    package func text(_ sql: String) throws -> String? { try database.query(sql).first?.optionalText(0) }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
