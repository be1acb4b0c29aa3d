/// A value in message headers or in the arguments of a declaration (AMQP 0-9-1 field table, RabbitMQ's types).
public enum AMQPValue: Sendable, Equatable {
    /// A Boolean.
    case bool(Bool)
    /// An integer of any width; sent as 64 bits, which the broker takes for equal.
    case int(Int64)
    /// A float, double or decimal.
    case double(Double)
    /// Text. What came as text but is no UTF-8 arrives as ``bytes(_:)``.
    case string(String)
    /// Bytes.
    case bytes([UInt8])
    /// Seconds since 1970.
    case timestamp(UInt64)
    /// A nested table.
    case table([String: AMQPValue])
    /// A list.
    case array([AMQPValue])
    /// Nothing.
    case null
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A Boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
