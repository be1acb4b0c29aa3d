import AMQP
import Foundation
import Glibc
import Logging
import OrderCore
import OrderStore
import OrderWorker
import Postgres
import Synchronization
import TestServers

/// A shop's whole site for one test: a database and a vhost of its own, workers, and everyone who speaks with them.
final class Site: @unchecked Sendable {
    let name: String
    let database: PostgresConnection
    let publisher: AMQPConnection
    let sink: Sink
    private var workers: [RunningWorker] = []
    private var sent = 0

    /// Runs a test on a thread of its own with a fresh site, which is removed afterwards.
    static func use(workers: Int = 1, _ body: @Sendable @escaping (Site) throws -> Void) async throws {
        try await onThread {
            let site = try Site(TestServers.uniqueName("worker"))
            defer { site.remove() }
            for _ in 0..<workers { try site.startWorker() }
            try body(site)
        }
    }

    private init(_ name: String) throws {
        self.name = name
        let server = try PostgresConnection(PostgresConfiguration(uri: TestServers.postgresURL))
        try server.execute("CREATE DATABASE \(name)")
        server.close()
        database = try PostgresConnection(PostgresConfiguration(uri: TestServers.postgresURL(database: name)))
        _ = try Migrator(Migrations.all).migrate(database)
        try ManagementAPI().createVhost(name)
        let url = try AMQPURL(TestServers.amqpURL(vhost: name))
        publisher = try AMQPConnection(url, name: "test", role: .publishing)
        try OrderflowTopology.topology.declare(on: publisher)
        sink = try Sink(url)
    }

    /// Settings as a test wants them: nothing waits for long.
    func settings() throws -> WorkerSettings {
        var settings = WorkerSettings(
            instance: "test", broker: try AMQPURL(TestServers.amqpURL(vhost: name)),
            database: try PostgresConfiguration(uri: TestServers.postgresURL(database: name)))
        settings.lanes = 1
        settings.markerGraceSeconds = 0
        settings.authority.sellersBySource = ["shop": ["*"]]
        settings.authority.staffRolesByUser = ["orderflow": [.administrator]]
        return settings
    }

    /// Starts one more worker in this process.
    @discardableResult
    func startWorker(_ adjust: (inout WorkerSettings) -> Void = { _ in }) throws -> RunningWorker {
        var settings = try settings()
        adjust(&settings)
        let worker = RunningWorker(settings)
        workers.append(worker)
        return worker
    }

    private func remove() {
        for worker in workers { worker.stop() }
        sink.close()
        publisher.close()
        database.close()
        try? ManagementAPI().deleteVhost(name)
        if let server = try? PostgresConnection(PostgresConfiguration(uri: TestServers.postgresURL)) {
            try? server.execute("DROP DATABASE \(name) WITH (FORCE)")
            server.close()
        }
    }

    /// Publishes a message and waits for the broker's confirm.
    func send(
        _ type: String, to key: String, _ data: [String: Any], source: String = "shop", id: String? = nil,
        user: String? = nil
    ) throws {
        sent += 1
        let envelope: [String: Any] = [
            "specversion": "1.0", "id": id ?? "m-\(sent)", "source": source, "type": type + ".v1", "data": data,
        ]
        try send(body: JSONSerialization.data(withJSONObject: envelope), to: key, user: user)
    }

    /// Publishes bytes, structured unless told otherwise.
    func send(
        body: Data, to key: String, contentType: String = "application/cloudevents+json", user: String? = nil
    ) throws {
        while !publisher.canPublish(bytes: body.count) { try turn() }
        try publisher.publish(
            exchange: OrderflowTopology.inbound, routingKey: key,
            properties: MessageProperties(contentType: contentType, userID: user), body: [UInt8](body))
        try publisher.flush()
    }

    /// Waits until all that was sent is confirmed.
    func flush() throws {
        try waitUntil("everything sent is confirmed") {
            try turn()
            return publisher.unconfirmedCount == 0
        }
    }

    private func turn() throws {
        var entry = pollfd(fd: publisher.fileDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, 5)
        try publisher.receive { _ in }
        try publisher.flush()
        try publisher.serviceHeartbeat()
    }

    /// A single number from the database.
    func count(_ sql: String) throws -> Int { try database.query(sql).only().int(0) }

    /// A single text from the database; nil where there is no row.
    func text(_ sql: String) throws -> String? { try database.query(sql).first?.optionalText(0) }

    /// Waits until an order has a status.
    func waitFor(_ order: String, _ status: String, within seconds: Double = 30) throws {
        var last: String?
        do {
            try waitUntil("\(order) is \(status)", within: seconds) {
                last = try text("SELECT status FROM orders WHERE number = '\(order)'")
                return last == status
            }
        } catch {
            print("\(order) is \(last ?? "not there")")
            throw error
        }
    }

    /// Waits until nothing is left to do: queues empty, outbox empty.
    func waitUntilQuiet(within seconds: Double = 60) throws {
        try waitUntil("the outbox is empty", within: seconds) { try count("SELECT count(*) FROM outbox") == 0 }
    }
}

/// A worker on a thread of this process.
final class RunningWorker: Sendable {
    private let worker: Worker
    private let end: Ended

    init(_ settings: WorkerSettings) {
        var log = Logger(label: "worker")
        log.logLevel = .warning
        worker = Worker(settings, log: log)
        let ended = Ended()
        self.end = ended
        let worker = worker
        Thread.detachNewThread {
            worker.run()
            ended.signal()
        }
    }

    /// Asks for a drain and waits for its end; true when it came in time.
    @discardableResult
    func stop(within seconds: Double = 30) -> Bool {
        worker.stop()
        return end.wait(seconds)
    }
}

/// A thread has ended.
private final class Ended: Sendable {
    private let flag = Atomic<Bool>(false)

    func signal() { flag.store(true, ordering: .releasing) }

    func wait(_ seconds: Double) -> Bool {
        (try? waitUntil("the worker has ended", within: seconds) { flag.load(ordering: .acquiring) }) != nil
    }
}
