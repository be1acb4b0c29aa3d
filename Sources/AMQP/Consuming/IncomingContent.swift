internal import CRabbitMQ

/// A message that is arriving: its frames may come with any pause between them.
struct IncomingContent {
    enum Source {
        case delivery(consumer: Int, tag: UInt64, isRedelivered: Bool)
        case returned(replyCode: Int, replyText: String)
    }

    let source: Source
    let exchange: String
    let routingKey: String
    private(set) var properties = MessageProperties()
    private(set) var body: [UInt8] = []
    private var hasHeader = false
    private var length: UInt64 = 0
    private var received: UInt64 = 0
    private var limit = 0
    private var isOversize = false
    private var digest: (any BodyDigest)?

    init(_ source: Source, exchange: String, routingKey: String) {
        self.source = source
        self.exchange = exchange
        self.routingKey = routingKey
    }

    /// Whether the header and the whole body have come.
    var isComplete: Bool { hasHeader && received >= length }

    /// What is known of a body that was too large.
    mutating func oversize() -> OversizeBody? {
        isOversize ? OversizeBody(length: length, digest: digest?.finish()) : nil
    }

    mutating func header(_ frame: UnsafePointer<amqp_frame_t>, _ options: ConnectionOptions) {
        guard let wire = crabbitmq_properties(frame) else { return }
        properties = MessageProperties(wire.pointee)
        hasHeader = true
        length = crabbitmq_body_size(frame)
        isOversize = length > UInt64(options.maxBodyBytes)
        limit = isOversize ? min(options.oversizeKeptBytes, options.maxBodyBytes) : options.maxBodyBytes
        if isOversize { digest = options.oversizeDigest?() }
    }

    mutating func append(_ fragment: UnsafeRawBufferPointer) {
        received += UInt64(fragment.count)
        digest?.update(fragment)
        if body.isEmpty, received < length { body.reserveCapacity(min(limit, Int(clamping: length))) }
        body.append(contentsOf: fragment.prefix(limit - body.count))
    }
}
