/// A message that the broker gave to a consumer, to be settled by ``AMQPConnection/ack(_:multiple:generation:)``.
public struct Delivery: Sendable {
    /// The queue it came from.
    public let queue: String
    /// The consumer that it was given to.
    public let consumerTag: String
    /// Its number on the channel, to be acked under.
    public let deliveryTag: UInt64
    /// The channel's generation: an ack goes only to the channel that delivered.
    public let generation: UInt64
    /// Whether it may have been delivered before.
    public let isRedelivered: Bool
    /// The exchange that it was published to.
    public let exchange: String
    /// The routing key that it was published with.
    public let routingKey: String
    /// Its properties.
    public let properties: MessageProperties
    /// Its body, copied; only the start of it when ``oversize`` is set.
    public let body: [UInt8]
    /// Set when the body was larger than the connection keeps.
    public let oversize: OversizeBody?

    /// A delivery of the parts given: what arrives is made by the connection, others make theirs for tests and replays.
    public init(
        queue: String,
        consumerTag: String = "",
        deliveryTag: UInt64,
        generation: UInt64,
        isRedelivered: Bool = false,
        exchange: String = "",
        routingKey: String = "",
        properties: MessageProperties = MessageProperties(),
        body: [UInt8],
        oversize: OversizeBody? = nil
    ) {
        self.queue = queue
        self.consumerTag = consumerTag
        self.deliveryTag = deliveryTag
        self.generation = generation
        self.isRedelivered = isRedelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
        self.oversize = oversize
    }

    /// How often a quorum queue has delivered it before (`x-delivery-count`); nil where the broker does not count.
    public var deliveryCount: Int64? {
        guard case .int(let count) = properties.headers["x-delivery-count"] else { return nil }
        return count
    }
}

/// What is known of a body that was too large to be kept.
public struct OversizeBody: Sendable, Equatable {
    /// Length of the whole body in bytes.
    public let length: UInt64
    /// Digest of the whole body, when the connection was given a ``BodyDigest``.
    public let digest: [UInt8]?

    /// What is known, put together.
    public init(length: UInt64, digest: [UInt8]?) {
        self.length = length
        self.digest = digest
    }
}

/// A running digest of a body that is too large to be kept.
public protocol BodyDigest {
    /// Takes in the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// The digest of all bytes taken in.
    mutating func finish() -> [UInt8]
}

/// A mandatory message that no queue would take. Its confirm follows and counts as ``PublishOutcome/returned``.
public struct ReturnedMessage: Sendable {
    /// Why: 312 is NO_ROUTE.
    public let replyCode: Int
    /// Why, in the broker's words.
    public let replyText: String
    /// The exchange that it was published to.
    public let exchange: String
    /// The routing key that it was published with.
    public let routingKey: String
    /// Its properties.
    public let properties: MessageProperties
}
