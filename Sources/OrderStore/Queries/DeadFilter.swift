public import OrderCore
internal import Postgres

/// Which dead messages are meant: all, but for what is given here.
public struct DeadFilter: Hashable, Sendable {
    /// Only these.
    public var numbers: [Int64]?
    /// Only what is wrong alike: the fingerprint.
    public var group: String?
    /// Only of this type, with its version or without.
    public var type: String?
    /// Only what came through this queue.
    public var queue: String?
    /// Only what this source sent.
    public var source: String?
    /// Only what names this order.
    public var orderNumber: String?
    /// Only what came or was tried last at this moment or after it.
    public var since: Timestamp?
    /// Only what came or was tried last before this moment.
    public var until: Timestamp?
    /// Only what has this text in its reason, in capitals or not.
    public var reason: String?
    /// `dead`, `replayed` or `dropped`.
    public var state = "dead"

    /// All that are dead.
    public init() {}

    /// Of `dead_messages AS d`, with `parameters`.
    static let condition = """
        d.state = $1 AND ($2::bigint[] IS NULL OR d.number = ANY ($2)) AND ($3 IS NULL OR d.fingerprint = $3)
            AND ($4 IS NULL OR d.type = $4 OR regexp_replace(d.type, '\\.v[0-9]+$', '') = $4)
            AND ($5 IS NULL OR d.queue = $5) AND ($6 IS NULL OR d.source = $6) AND ($7 IS NULL OR d.order_number = $7)
            AND ($8::timestamptz IS NULL OR d.last_at >= $8) AND ($9::timestamptz IS NULL OR d.last_at < $9)
            AND ($10 IS NULL OR position(lower($10) IN lower(d.reason)) > 0)
        """

    var parameters: [Parameter] {
        [
            .text(state), numbers.map { .int8Array($0) } ?? .nullArray(.int8), .text(group), .text(type), .text(queue),
            .text(source), .text(orderNumber), .timestamptz(since?.microseconds), .timestamptz(until?.microseconds),
            .text(reason),
        ]
    }
}
