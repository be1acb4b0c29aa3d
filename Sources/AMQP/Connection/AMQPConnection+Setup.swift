internal import CRabbitMQ

// Requests that wait for the broker's answer, at most `options.rpcTimeout` each. What is delivered meanwhile is kept for
// the next `receive`: look at `hasBufferedInput` before polling.
extension AMQPConnection {
    /// Declares an exchange; one that exists alike stays as it is.
    public func declare(_ exchange: ExchangeDeclaration) throws(AMQPError) {
        try request("exchange '\(exchange.name)'") { () throws(AMQPError) in
            amqp_exchange_declare(
                state, FrameWriter.channel, try scratch.shortString(exchange.name, "exchange name"),
                scratch.bytes(exchange.kind.rawValue), 0, exchange.isDurable ? 1 : 0, 0, 0,
                try scratch.table(exchange.arguments))
        }
    }

    /// Declares a queue; one that exists alike stays as it is. Another one is ``AMQPError/Code/preconditionFailed``.
    @discardableResult
    public func declare(_ queue: QueueDeclaration) throws(AMQPError) -> QueueStatus {
        try declareQueue(queue, passive: false)
    }

    /// The state of a queue that must exist (``AMQPError/Code/notFound`` else); changes nothing.
    public func checkQueue(_ name: String) throws(AMQPError) -> QueueStatus {
        try declareQueue(QueueDeclaration(name), passive: true)
    }

    /// Throws ``AMQPError/Code/notFound`` when there is no such exchange; changes nothing.
    public func checkExchange(_ name: String) throws(AMQPError) {
        try request("exchange '\(name)'") { () throws(AMQPError) in
            amqp_exchange_declare(
                state, FrameWriter.channel, try scratch.shortString(name, "exchange name"),
                scratch.bytes("topic"), 1, 0, 0, 0, amqp_empty_table)
        }
    }

    /// Binds a queue to an exchange.
    public func bind(_ binding: Binding) throws(AMQPError) {
        try request("binding of '\(binding.queue)' to '\(binding.exchange)'") { () throws(AMQPError) in
            amqp_queue_bind(
                state, FrameWriter.channel, try scratch.shortString(binding.queue, "queue name"),
                try scratch.shortString(binding.exchange, "exchange name"),
                try scratch.shortString(binding.routingKey, "routing key"), try scratch.table(binding.arguments))
        }
    }

    /// Removes a binding.
    public func unbind(_ binding: Binding) throws(AMQPError) {
        try request("binding of '\(binding.queue)' to '\(binding.exchange)'") { () throws(AMQPError) in
            amqp_queue_unbind(
                state, FrameWriter.channel, try scratch.shortString(binding.queue, "queue name"),
                try scratch.shortString(binding.exchange, "exchange name"),
                try scratch.shortString(binding.routingKey, "routing key"), try scratch.table(binding.arguments))
        }
    }

    /// Deletes a queue with all that is in it; one that is not there is fine.
    public func deleteQueue(_ name: String) throws(AMQPError) {
        try request("queue '\(name)'") { () throws(AMQPError) in
            amqp_queue_delete(state, FrameWriter.channel, try scratch.shortString(name, "queue name"), 0, 0)
        }
    }

    /// Throws away the messages of a queue that are ready.
    public func purgeQueue(_ name: String) throws(AMQPError) {
        try request("queue '\(name)'") { () throws(AMQPError) in
            amqp_queue_purge(state, FrameWriter.channel, try scratch.shortString(name, "queue name"))
        }
    }

    /// Starts a consumer: at most `prefetch` of its deliveries are unacked at any time. Gives its tag, which the broker
    /// chooses when `tag` is empty.
    @discardableResult
    public func consume(queue: String, tag: String, prefetch: UInt16) throws(AMQPError) -> String {
        try request("queue '\(queue)'") { () throws(AMQPError) in
            amqp_basic_qos(state, FrameWriter.channel, 0, prefetch, 0)
        }
        let ok = try request("queue '\(queue)'") { () throws(AMQPError) in
            amqp_basic_consume(
                state, FrameWriter.channel, try scratch.shortString(queue, "queue name"),
                try scratch.shortString(tag, "consumer tag"), 0, 0, 0, amqp_empty_table)
        }
        let consumer = Consumer(tag: String(ok.consumer_tag), queue: queue)
        // Replaced in its place: a message that is arriving knows its consumer by position.
        if let index = consumers.firstIndex(where: { $0.tag == consumer.tag }) {
            consumers[index] = consumer
        } else {
            consumers.append(consumer)
        }
        return consumer.tag
    }

    /// Ends a consumer. What it was given before still comes with the next ``receive(maxBytes:_:)`` and can be acked.
    public func cancel(tag: String) throws(AMQPError) {
        try request("consumer '\(tag)'") { () throws(AMQPError) in
            amqp_basic_cancel(state, FrameWriter.channel, try scratch.shortString(tag, "consumer tag"))
        }
        for index in consumers.indices where consumers[index].tag == tag {
            consumers[index].isActive = false
        }
    }

    private func declareQueue(_ queue: QueueDeclaration, passive: Bool) throws(AMQPError) -> QueueStatus {
        let ok = try request("queue '\(queue.name)'") { () throws(AMQPError) in
            amqp_queue_declare(
                state, FrameWriter.channel, try scratch.shortString(queue.name, "queue name"), passive ? 1 : 0,
                queue.isDurable ? 1 : 0, queue.isExclusive ? 1 : 0, 0, try scratch.table(queue.arguments))
        }
        return QueueStatus(
            name: String(ok.queue), messageCount: Int(ok.message_count), consumerCount: Int(ok.consumer_count))
    }

    /// Makes a request and gives the broker's answer, whose strings are valid until the next call.
    @discardableResult
    private func request<Answer>(
        _ context: String, _ call: () throws(AMQPError) -> UnsafeMutablePointer<Answer>?
    ) throws(AMQPError) -> Answer {
        try requireOpen()
        try orClose { () throws(AMQPError) in try writer.drain() }
        scratch.reset()
        let answer = try call()
        let reply = BrokerReply(amqp_get_rpc_reply(state))
        do throws(AMQPError) {
            try reply.check(state, context)
            guard let answer else { throw AMQPError(.protocolViolation, "an empty answer", context: context) }
            return answer.pointee
        } catch {
            try recover(from: reply)
            throw error
        }
    }

    /// A refused request costs the channel. Where nothing hangs on it a new one is opened, so that set-up can go on.
    private func recover(from reply: BrokerReply) throws(AMQPError) {
        isOpen = false
        guard reply.closedChannel, ledger.unconfirmedCount == 0, !consumers.contains(where: \.isActive) else { return }
        try BrokerReply.openChannel(state, role)
        consumers.removeAll()
        incoming = nil
        ledger = ConfirmLedger()
        generation = Self.nextGeneration()
        isOpen = true
    }
}
