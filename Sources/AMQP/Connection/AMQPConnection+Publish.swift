internal import CRabbitMQ

extension AMQPConnection {
    /// Counted for each message beside its body: the frames around it and its properties.
    static let envelopeBytes = 512

    /// Messages published and not yet settled.
    public var unconfirmedCount: Int { ledger.unconfirmedCount }

    /// Whether a body of this size can be published now without waiting.
    public func canPublish(bytes: Int) -> Bool {
        isOpen && role == .publishing && !isBlocked
            && options.window.hasRoom(for: bytes + Self.envelopeBytes, in: ledger)
    }

    /// Whether most of what was published is confirmed: the broker takes few large writes at less cost than many small ones.
    public var isWindowLow: Bool { ledger.unconfirmedCount * 4 <= options.window.messages }

    /// Publishes a message and gives its tag; ``AMQPEvent/settled(_:)`` tells what became of it.
    ///
    /// Call ``flush()`` after the last of a batch. Throws ``AMQPError/Code/windowFull`` when ``canPublish(bytes:)`` is
    /// false, and ``AMQPError/Code/invalidArgument`` for what cannot be encoded; both leave the connection as it is.
    @discardableResult
    public func publish(
        exchange: String,
        routingKey: String,
        properties: MessageProperties,
        body: [UInt8],
        isMandatory: Bool = true
    ) throws(AMQPError) -> UInt64 {
        try requireOpen()
        guard canPublish(bytes: body.count) else {
            throw AMQPError(
                .windowFull,
                isBlocked
                    ? "the broker has blocked publishers" : "\(ledger.unconfirmedCount) publishes are unconfirmed",
                context: name)
        }
        scratch.reset()
        let method = amqp_basic_publish_t(
            ticket: 0,
            exchange: try scratch.shortString(exchange, "exchange name"),
            routing_key: try scratch.shortString(routingKey, "routing key"),
            mandatory: isMandatory ? 1 : 0,
            immediate: 0)
        let wire = try properties.wire(in: scratch)
        try orClose { () throws(AMQPError) in
            try body.withUnsafeBytesTyped { bytes throws(AMQPError) in try writer.content(method, wire, bytes) }
        }
        if ledger.unconfirmedCount == 0 { awaitingConfirmSince = .now }
        return ledger.published(messageID: properties.messageID, bytes: body.count + Self.envelopeBytes)
    }

    /// Whether bytes wait for the socket to become writable: poll for output too, then ``flush()``.
    public var wantsWrite: Bool { isOpen && writer.hasPending }

    /// Hands what was published to the kernel, as much as it takes; never waits.
    public func flush() throws(AMQPError) {
        try requireOpen()
        try orClose { () throws(AMQPError) in try writer.flush() }
    }
}

extension Array where Element == UInt8 {
    fileprivate func withUnsafeBytesTyped(
        _ body: (UnsafeRawBufferPointer) throws(AMQPError) -> Void
    ) throws(AMQPError) {
        let result = withUnsafeBytes { bytes in Result { () throws(AMQPError) in try body(bytes) } }
        try result.get()
    }
}
