/// One parameter of a statement, sent in binary with its type.
///
/// The type is declared to the server, so `$1` in the SQL needs no cast unless another type is wanted. A nil is NULL.
public enum Parameter {
    /// A `boolean`.
    case bool(Bool?)
    /// A `smallint`.
    case int2(Int16?)
    /// An `integer`.
    case int4(Int32?)
    /// A `bigint`.
    case int8(Int64?)
    /// A `text`; it must not hold a NUL byte.
    case text(String?)
    /// A `text` given as UTF-8, which the server checks.
    case utf8([UInt8])
    /// A `bytea`.
    case bytea([UInt8]?)
    /// A `uuid`.
    case uuid(PostgresUUID?)
    /// A `timestamptz`: microseconds since 1970 UTC.
    case timestamptz(Int64?)
    /// A `date`: days since 1970-01-01.
    case date(Int32?)
    /// A `jsonb`, as its text.
    case jsonb(String?)
    /// A `jsonb`, as its text in UTF-8.
    case jsonbUTF8([UInt8])
    /// An array.
    case array(ArrayColumn)
    /// A NULL in place of an array of this element type.
    case nullArray(PostgresType)

    /// A `bigint[]`.
    public static func int8Array(_ values: some Sequence<Int64>) -> Parameter {
        .array(ArrayColumn(.int8, values))
    }

    /// An `integer[]`.
    public static func int4Array(_ values: some Sequence<Int32>) -> Parameter {
        .array(ArrayColumn(.int4, values))
    }

    /// A `text[]`.
    public static func textArray(_ values: some Sequence<String>) -> Parameter {
        .array(ArrayColumn(.text, values))
    }

    var oid: UInt32 {
        switch self {
        case .bool: PostgresType.bool.oid
        case .int2: PostgresType.int2.oid
        case .int4: PostgresType.int4.oid
        case .int8: PostgresType.int8.oid
        case .text, .utf8: PostgresType.text.oid
        case .bytea: PostgresType.bytea.oid
        case .uuid: PostgresType.uuid.oid
        case .timestamptz: PostgresType.timestamptz.oid
        case .date: PostgresType.date.oid
        case .jsonb, .jsonbUTF8: PostgresType.jsonb.oid
        case .array(let column): column.type.arrayOID
        case .nullArray(let type): type.arrayOID
        }
    }
}
