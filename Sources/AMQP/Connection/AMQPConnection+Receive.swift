internal import CRabbitMQ

extension AMQPConnection {
    /// Whether input waits that polling the socket will not tell of: ``receive(maxBytes:_:)`` stopped early, or a request
    /// was answered amid deliveries.
    public var hasBufferedInput: Bool {
        isOpen && (amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0)
    }

    /// Takes what has arrived, without waiting for more, and stops after about `maxBytes` of bodies.
    ///
    /// Throws when the broker closed channel or connection, or the connection broke; ``isOpen`` is false then.
    public func receive(maxBytes: Int = .max, _ handle: (AMQPEvent) -> Void) throws(AMQPError) {
        try requireOpen()
        try orClose { () throws(AMQPError) in
            var bytes = 0
            var held = 0
            while bytes < maxBytes {
                var now = timeval(tv_sec: 0, tv_usec: 0)
                let status = amqp_simple_wait_frame_noblock(state, frame, &now)
                if status == AMQP_STATUS_TIMEOUT.rawValue { break }
                guard status == AMQP_STATUS_OK.rawValue else { throw AMQPError.library(status, context: nil) }
                let size = try take(handle)
                bytes += size
                held += size + 256
                // Everything was copied, so the library may use its memory again; not each time, which costs.
                if held > 32 * 1024 {
                    amqp_maybe_release_buffers(state)
                    held = 0
                }
            }
            amqp_maybe_release_buffers(state)
        }
    }

    /// Takes one frame; gives the bytes of body in it.
    private func take(_ handle: (AMQPEvent) -> Void) throws(AMQPError) -> Int {
        switch Int32(frame.pointee.frame_type) {
        case AMQP_FRAME_METHOD:
            try takeMethod(handle)
            return 0
        case AMQP_FRAME_HEADER where incoming != nil:
            incoming?.header(frame, options)
            finishIfComplete(handle)
            return 0
        case AMQP_FRAME_BODY where incoming != nil:
            let fragment = crabbitmq_body_fragment(frame)
            incoming?.append(UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len))
            finishIfComplete(handle)
            return fragment.len
        default:
            throw AMQPError(.protocolViolation, "a frame of type \(frame.pointee.frame_type) came out of turn")
        }
    }

    private func takeMethod(_ handle: (AMQPEvent) -> Void) throws(AMQPError) {
        guard let fields = crabbitmq_method_fields(frame) else { return }
        switch crabbitmq_method_id(frame) {
        case UInt32(AMQP_BASIC_DELIVER_METHOD):
            let deliver = fields.load(as: amqp_basic_deliver_t.self)
            guard let consumer = consumers.firstIndex(where: { $0.tag.equals(deliver.consumer_tag) }) else {
                throw AMQPError(.protocolViolation, "a delivery for unknown consumer '\(String(deliver.consumer_tag))'")
            }
            incoming = IncomingContent(
                .delivery(
                    consumer: consumer, tag: deliver.delivery_tag, isRedelivered: deliver.redelivered != 0),
                exchange: String(deliver.exchange), routingKey: String(deliver.routing_key))
        case UInt32(AMQP_BASIC_RETURN_METHOD):
            let back = fields.load(as: amqp_basic_return_t.self)
            incoming = IncomingContent(
                .returned(replyCode: Int(back.reply_code), replyText: String(back.reply_text)),
                exchange: String(back.exchange), routingKey: String(back.routing_key))
        case UInt32(AMQP_BASIC_ACK_METHOD):
            let ack = fields.load(as: amqp_basic_ack_t.self)
            settle(ack.delivery_tag, multiple: ack.multiple != 0, acked: true, handle)
        case UInt32(AMQP_BASIC_NACK_METHOD):
            let nack = fields.load(as: amqp_basic_nack_t.self)
            settle(nack.delivery_tag, multiple: nack.multiple != 0, acked: false, handle)
        case UInt32(AMQP_BASIC_CANCEL_METHOD):
            let tag = String(fields.load(as: amqp_basic_cancel_t.self).consumer_tag)
            for index in consumers.indices where consumers[index].tag == tag { consumers[index].isActive = false }
            handle(.consumerCancelled(tag: tag))
        case UInt32(AMQP_CONNECTION_BLOCKED_METHOD):
            isBlocked = true
            handle(.blocked(reason: String(fields.load(as: amqp_connection_blocked_t.self).reason)))
        case UInt32(AMQP_CONNECTION_UNBLOCKED_METHOD):
            isBlocked = false
            handle(.unblocked)
        default:
            try takeClose()
        }
    }

    private func takeClose() throws(AMQPError) {
        let canAnswer = (try? writer.flush()) != nil && !writer.hasPending && writer.socketHasRoom
        throw BrokerReply.close(frame.pointee.payload.method, state, nil, answering: canAnswer)
            ?? AMQPError(.protocolViolation, "method \(crabbitmq_method_id(frame)) came unasked")
    }

    private func finishIfComplete(_ handle: (AMQPEvent) -> Void) {
        guard incoming?.isComplete == true, var content = incoming.take() else { return }
        switch content.source {
        case .delivery(let index, let tag, let isRedelivered):
            let oversize = content.oversize()
            handle(
                .delivery(
                    Delivery(
                        queue: consumers[index].queue, consumerTag: consumers[index].tag, deliveryTag: tag,
                        generation: generation, isRedelivered: isRedelivered, exchange: content.exchange,
                        routingKey: content.routingKey, properties: content.properties, body: content.body,
                        oversize: oversize)))
        case .returned(let replyCode, let replyText):
            ledger.returned(messageID: content.properties.messageID)
            handle(
                .returned(
                    ReturnedMessage(
                        replyCode: replyCode, replyText: replyText, exchange: content.exchange,
                        routingKey: content.routingKey, properties: content.properties)))
        }
    }

    private func settle(_ tag: UInt64, multiple: Bool, acked: Bool, _ handle: (AMQPEvent) -> Void) {
        ledger.confirm(tag: tag, multiple: multiple, acked: acked) { handle(.settled($0)) }
        awaitingConfirmSince = ledger.unconfirmedCount == 0 ? nil : .now
    }
}

extension String {
    fileprivate func equals(_ bytes: amqp_bytes_t) -> Bool {
        guard utf8.count == bytes.len, let other = bytes.bytes else { return isEmpty && bytes.len == 0 }
        return utf8.withContiguousStorageIfAvailable { own in
            own.baseAddress.map { memcmp($0, other, bytes.len) == 0 } ?? true
        } ?? (self == String(bytes))
    }
}
