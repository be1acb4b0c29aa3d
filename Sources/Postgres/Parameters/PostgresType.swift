/// The types this module sends and reads, in binary.
public enum PostgresType: String, Hashable, Sendable, CaseIterable {
    /// `boolean`
    case bool
    /// `smallint`
    case int2
    /// `integer`
    case int4
    /// `bigint`
    case int8
    /// `text`
    case text
    /// `bytea`
    case bytea
    /// `uuid`
    case uuid
    /// `timestamptz`; in Swift, microseconds since 1970 UTC.
    case timestamptz
    /// `date`; in Swift, days since 1970-01-01.
    case date
    /// `jsonb`; in Swift, its text.
    case jsonb

    /// The object identifier of the type, fixed in PostgreSQL's catalogue.
    public var oid: UInt32 {
        switch self {
        case .bool: 16
        case .bytea: 17
        case .int8: 20
        case .int2: 21
        case .int4: 23
        case .text: 25
        case .date: 1082
        case .timestamptz: 1184
        case .uuid: 2950
        case .jsonb: 3802
        }
    }

    /// The object identifier of the type's array.
    public var arrayOID: UInt32 {
        switch self {
        case .bool: 1000
        case .bytea: 1001
        case .int8: 1016
        case .int2: 1005
        case .int4: 1007
        case .text: 1009
        case .date: 1182
        case .timestamptz: 1185
        case .uuid: 2951
        case .jsonb: 3807
        }
    }
}

/// PostgreSQL counts time from 2000-01-01, this module's callers from 1970-01-01.
enum PostgresEpoch {
    static let microseconds: Int64 = 946_684_800_000_000
    static let days: Int32 = 10_957
}
