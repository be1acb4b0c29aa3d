internal import CRabbitMQ

extension MessageProperties {
    /// The properties of a message that arrived, copied.
    init(_ wire: amqp_basic_properties_t) {
        let flags = wire._flags
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? {
            flags & UInt32(flag) == 0 ? nil : String(bytes)
        }
        self.init(
            contentType: text(AMQP_BASIC_CONTENT_TYPE_FLAG, wire.content_type),
            contentEncoding: text(AMQP_BASIC_CONTENT_ENCODING_FLAG, wire.content_encoding),
            messageID: text(AMQP_BASIC_MESSAGE_ID_FLAG, wire.message_id),
            appID: text(AMQP_BASIC_APP_ID_FLAG, wire.app_id),
            type: text(AMQP_BASIC_TYPE_FLAG, wire.type),
            timestamp: flags & UInt32(AMQP_BASIC_TIMESTAMP_FLAG) == 0 ? nil : wire.timestamp,
            correlationID: text(AMQP_BASIC_CORRELATION_ID_FLAG, wire.correlation_id),
            replyTo: text(AMQP_BASIC_REPLY_TO_FLAG, wire.reply_to),
            userID: text(AMQP_BASIC_USER_ID_FLAG, wire.user_id),
            isPersistent: flags & UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG) != 0 && wire.delivery_mode == 2,
            headers: flags & UInt32(AMQP_BASIC_HEADERS_FLAG) == 0 ? [:] : AMQPValue.table(wire.headers)
        )
    }

    /// The properties as the library sends them, in the memory of `scratch`.
    func wire(in scratch: CallScratch) throws(AMQPError) -> amqp_basic_properties_t {
        var wire = amqp_basic_properties_t()
        var flags = AMQP_BASIC_DELIVERY_MODE_FLAG
        func set(_ text: String?, _ flag: Int32, _ name: String, _ field: inout amqp_bytes_t) throws(AMQPError) {
            guard let text else { return }
            flags |= flag
            field = try scratch.shortString(text, name)
        }
        wire.delivery_mode = isPersistent ? 2 : 1
        try set(contentType, AMQP_BASIC_CONTENT_TYPE_FLAG, "content type", &wire.content_type)
        try set(contentEncoding, AMQP_BASIC_CONTENT_ENCODING_FLAG, "content encoding", &wire.content_encoding)
        try set(messageID, AMQP_BASIC_MESSAGE_ID_FLAG, "message id", &wire.message_id)
        try set(appID, AMQP_BASIC_APP_ID_FLAG, "app id", &wire.app_id)
        try set(type, AMQP_BASIC_TYPE_FLAG, "type", &wire.type)
        try set(correlationID, AMQP_BASIC_CORRELATION_ID_FLAG, "correlation id", &wire.correlation_id)
        try set(replyTo, AMQP_BASIC_REPLY_TO_FLAG, "reply-to", &wire.reply_to)
        try set(userID, AMQP_BASIC_USER_ID_FLAG, "user id", &wire.user_id)
        if let timestamp {
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
            wire.timestamp = timestamp
        }
        if !headers.isEmpty {
            flags |= AMQP_BASIC_HEADERS_FLAG
            wire.headers = try scratch.table(headers)
        }
        wire._flags = amqp_flags_t(flags)
        return wire
    }
}
