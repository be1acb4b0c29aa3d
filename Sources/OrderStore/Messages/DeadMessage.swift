public import OrderCore
internal import Postgres

/// A message that is wrong for good, as stored.
public struct DeadMessage: Hashable, Sendable {
    /// Its number in the list.
    public var number: Int64
    /// Who it is, where that could be read.
    public var identity: MessageIdentity?
    /// The order it names.
    public var orderNumber: String?
    /// The message as it came. It may hold personal data.
    public var message: RawMessage
    /// The length of the whole body.
    public var bodyLength: Int64
    /// What is wrong.
    public var reason: String
    /// What is wrong, alike for all that are wrong alike.
    public var fingerprint: String
    /// When it came first.
    public var firstAt: Timestamp
    /// When it came or was tried last.
    public var lastAt: Timestamp
    /// How often it came.
    public var deliveries: Int64
    /// How often it was dead: one that is still wrong after a replay is counted here.
    public var tries: Int64
    /// `dead`, `replayed` or `dropped`.
    public var state: String
    /// Who replayed or dropped it.
    public var settledBy: String?
    /// Why.
    public var settledWhy: String?

    /// Stands in the place of the queue, of a due row that is dead.
    public static let dueQueue = "due"
    /// The header that holds the reference of such a row.
    public static let dueReference = "reference"

    /// Of a row of `dead_messages`: it has an identity and is kept whole, or is a due row.
    static let canBeReplayed = "(source IS NOT NULL OR queue = '\(dueQueue)') AND octet_length(body) = body_length"

    static let select = """
        SELECT d.number, d.source, d.id, d.part, d.order_number, d.queue, d.type, d.headers, d.body, d.body_length,
            d.reason, d.fingerprint, d.first_at, d.last_at, d.deliveries, d.state, d.settled_by, d.settled_why,
            d.tries
        FROM dead_messages AS d
        """

    static func all(_ rows: Postgres.Rows) throws(StoreError) -> [DeadMessage] {
        try database { () throws(PostgresError) in
            var messages: [DeadMessage] = []
            for row in rows { messages.append(try DeadMessage(row)) }
            return messages
        }
    }

    private init(_ row: Postgres.Row) throws(PostgresError) {
        number = try row.int64(0)
        if let source = try row.optionalText(1), let id = try row.optionalText(2) {
            identity = MessageIdentity(source: source, id: id, part: try row.int64(3))
        }
        orderNumber = try row.optionalText(4)
        message = RawMessage(
            queue: try row.text(5), type: try row.optionalText(6) ?? "", headers: try row.texts(7),
            body: try row.bytes(8))
        bodyLength = try row.int64(9)
        reason = try row.text(10)
        fingerprint = try row.text(11)
        firstAt = Timestamp(microseconds: try row.timestamp(12))
        lastAt = Timestamp(microseconds: try row.timestamp(13))
        deliveries = try row.int64(14)
        state = try row.text(15)
        settledBy = try row.optionalText(16)
        settledWhy = try row.optionalText(17)
        tries = try row.int64(18)
    }
}
