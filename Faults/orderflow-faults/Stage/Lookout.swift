import AMQP
import OrderWorker
import Postgres
import TestSite

/// Looks at servers that may be gone, over connections that it makes anew.
final class Lookout {
    private let site: Site
    private var session: PostgresConnection?
    private var broker: AMQPConnection?

    init(_ site: Site) { self.site = site }

    deinit {
        session?.close()
        broker?.close()
    }

    /// A number from the database.
    func count(_ sql: String) throws -> Int { try asking { try $0.query(sql).only().int(0) } }

    /// The first column of some rows.
    func texts(_ sql: String) throws -> [String] { try asking { try $0.query(sql).map { try $0.text(0) } } }

    private func asking<Answer>(_ body: (PostgresConnection) throws -> Answer) throws -> Answer {
        do {
            let session = try self.session ?? site.connect()
            self.session = session
            return try body(session)
        } catch {
            session?.close()
            session = nil
            throw error
        }
    }

    /// How many lanes consume: each inbound queue has at least so many consumers.
    func consumers() throws -> Int {
        do {
            let broker = try self.broker ?? AMQPConnection(site.amqpURL(), name: "lookout", role: .consuming)
            self.broker = broker
            return try OrderflowTopology.inboundQueues.map { try broker.checkQueue($0.queue).consumerCount }.min() ?? 0
        } catch {
            broker?.close()
            broker = nil
            throw error
        }
    }

    /// Orders that were taken so far.
    func orders() throws -> Int { try count("SELECT count(*) FROM orders") }

    /// The workers' sessions.
    func sessions() throws -> Int {
        try count(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'orderflow test'
            """)
    }
}
