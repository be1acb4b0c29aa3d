/// An exchange as it should exist.
public struct ExchangeDeclaration: Sendable, Equatable {
    /// How an exchange routes.
    public enum Kind: String, Sendable {
        /// By exact routing key.
        case direct
        /// To everything bound.
        case fanout
        /// By routing key with wildcards.
        case topic
        /// By header values.
        case headers
    }

    /// Its name.
    public var name: String
    /// How it routes.
    public var kind: Kind
    /// Whether it survives a restart of the broker.
    public var isDurable: Bool
    /// Further arguments, such as `alternate-exchange`.
    public var arguments: [String: AMQPValue]

    /// A durable topic exchange unless told.
    public init(
        _ name: String, kind: Kind = .topic, isDurable: Bool = true, arguments: [String: AMQPValue] = [:]
    ) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.arguments = arguments
    }
}

/// A queue as it should exist.
public struct QueueDeclaration: Sendable, Equatable {
    /// Its name; empty lets the broker choose one.
    public var name: String
    /// Whether it survives a restart of the broker.
    public var isDurable: Bool
    /// Whether it belongs to this connection alone and ends with it.
    public var isExclusive: Bool
    /// Further arguments, such as `x-queue-type`.
    public var arguments: [String: AMQPValue]

    /// A durable queue of the broker's default type unless told.
    public init(
        _ name: String, isDurable: Bool = true, isExclusive: Bool = false, arguments: [String: AMQPValue] = [:]
    ) {
        self.name = name
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.arguments = arguments
    }

    /// A quorum queue: replicated, durable, counting deliveries.
    public static func quorum(_ name: String, arguments: [String: AMQPValue] = [:]) -> QueueDeclaration {
        QueueDeclaration(name, arguments: arguments.merging(["x-queue-type": "quorum"]) { _, new in new })
    }
}

/// A route from an exchange to a queue.
public struct Binding: Sendable, Equatable {
    /// Where messages come from.
    public var exchange: String
    /// Where they go.
    public var queue: String
    /// Which ones: the binding key.
    public var routingKey: String
    /// Further arguments (for headers exchanges).
    public var arguments: [String: AMQPValue]

    /// A binding by routing key.
    public init(exchange: String, queue: String, routingKey: String, arguments: [String: AMQPValue] = [:]) {
        self.exchange = exchange
        self.queue = queue
        self.routingKey = routingKey
        self.arguments = arguments
    }
}

/// What the broker tells of a queue.
public struct QueueStatus: Sendable, Equatable {
    /// Its name (chosen by the broker if none was given).
    public let name: String
    /// Messages ready to be delivered.
    public let messageCount: Int
    /// Consumers.
    public let consumerCount: Int
}
