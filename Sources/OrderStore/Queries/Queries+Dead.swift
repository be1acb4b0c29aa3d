public import OrderCore
internal import Postgres

/// What is wrong for good, and what people have decided about it.
extension Queries {
    /// Dead messages, newest first. They hold bodies, which may be personal.
    public func dead(_ filter: DeadFilter = DeadFilter(), limit: Int = 100) throws(StoreError) -> [DeadMessage] {
        let rows = try database { () throws(PostgresError) in
            try connection.query(
                DeadMessage.select + " WHERE \(DeadFilter.condition) ORDER BY d.number DESC LIMIT $11",
                filter.parameters + [.int8(Int64(limit))])
        }
        return try DeadMessage.all(rows)
    }

    /// One dead message, whatever became of it.
    public func deadMessage(_ number: Int64) throws(StoreError) -> DeadMessage? {
        let rows = try database { () throws(PostgresError) in
            try connection.query(DeadMessage.select + " WHERE d.number = $1", [.int8(number)])
        }
        return try DeadMessage.all(rows).first
    }

    /// What is wrong with the dead messages, most frequent first.
    public func deadGroups(_ filter: DeadFilter = DeadFilter()) throws(StoreError) -> [DeadGroup] {
        try all(
            """
            SELECT fingerprint, min(reason), string_agg(DISTINCT type, ', ' ORDER BY type), count(*),
                count(*) FILTER (WHERE \(DeadMessage.canBeReplayed)), sum(deliveries)::bigint, sum(tries)::bigint,
                min(first_at), max(last_at)
            FROM dead_messages AS d WHERE \(DeadFilter.condition)
            GROUP BY fingerprint ORDER BY count(*) DESC, fingerprint
            """, filter.parameters
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return DeadGroup(
                fingerprint: try fields.text(0), reason: try fields.text(1), types: try fields.optionalText(2) ?? "",
                messages: try fields.integer(3), replayable: try fields.integer(4), deliveries: try fields.integer(5),
                tries: try fields.integer(6), firstAt: try fields.time(7), lastAt: try fields.time(8))
        }
    }

    /// The numbers of dead messages, the oldest first; with `replayable`, only of those that can be replayed.
    public func deadNumbers(_ filter: DeadFilter, replayable: Bool) throws(StoreError) -> [Int64] {
        let condition = DeadFilter.condition + (replayable ? " AND \(DeadMessage.canBeReplayed)" : "")
        return try all(
            "SELECT number FROM dead_messages AS d WHERE \(condition) ORDER BY number", filter.parameters
        ) { (row) throws(StoreError) in try Fields(row: row).integer(0) }
    }

    /// What people have decided about a dead message, try by try.
    public func deadDecisions(_ number: Int64) throws(StoreError) -> [DeadDecision] {
        try all(
            """
            SELECT try, died_at, reason, decision, decided_at, decided_by, why FROM dead_decisions
            WHERE number = $1 ORDER BY try
            """, [.int8(number)]
        ) { (row) throws(StoreError) in
            let fields = Fields(row: row)
            return DeadDecision(
                attempt: try fields.integer(0), diedAt: try fields.time(1), reason: try fields.text(2),
                decision: try fields.text(3), decidedAt: try fields.time(4), decidedBy: try fields.text(5),
                why: try fields.text(6))
        }
    }
}

/// Dead messages that are wrong alike.
public struct DeadGroup: Hashable, Sendable {
    /// What is wrong, alike for all.
    public let fingerprint: String
    /// The reason of one of them.
    public let reason: String
    /// Their types, where they could be read.
    public let types: String
    /// How many messages.
    public let messages: Int64
    /// How many of them can be replayed: they have an identity and are kept whole.
    public let replayable: Int64
    /// How often they came.
    public let deliveries: Int64
    /// How often they were dead: more than there are where a replay did not help.
    public let tries: Int64
    /// When the first came.
    public let firstAt: Timestamp
    /// When the last came or was tried.
    public let lastAt: Timestamp
}

/// What people decided about one try of a dead message.
public struct DeadDecision: Hashable, Sendable {
    /// Counts its tries from 1.
    public let attempt: Int64
    /// When it was dead.
    public let diedAt: Timestamp
    /// What was wrong then.
    public let reason: String
    /// `replayed` or `dropped`.
    public let decision: String
    /// When that was decided.
    public let decidedAt: Timestamp
    /// Who decided.
    public let decidedBy: String
    /// Why.
    public let why: String
}
