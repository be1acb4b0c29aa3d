internal import OrderCore
internal import OrderMessages
internal import Postgres

/// How many events of what size go to whom for a message in: taken from a run of the worker.
struct EventMix: Sendable {
    struct Share: Sendable {
        var receiver: String
        var perMessage: Double
        var bytes: Int
    }

    let shares: [Share]

    var perMessage: Double { shares.reduce(0) { $0 + $1.perMessage } }

    /// - Parameter messages: how many came in.
    init(_ connection: PostgresConnection, messages: Int) throws {
        let envelope = EventEnvelope(
            epoch: 1, receiver: "storefront", name: "order.delivered", subject: "shop/100000", number: 1,
            time: Timestamp(microseconds: 0), cause: MessageIdentity(source: "wms-east", id: "shop/100000-delivered"),
            uniqueID: "1000")
        let overhead = EventEncoder(instance: "bench").message(envelope, data: []).body.count
        let rows = try connection.query(
            """
            SELECT r.receiver, count(*), avg(octet_length(e.data))::bigint
            FROM event_log AS e CROSS JOIN LATERAL unnest(e.receivers) AS r (receiver) GROUP BY 1 ORDER BY 1
            """)
        shares = try rows.map { row in
            Share(
                receiver: try row.text(0), perMessage: Double(try row.int(1)) / Double(messages),
                bytes: try row.int(2) + overhead)
        }
    }
}
