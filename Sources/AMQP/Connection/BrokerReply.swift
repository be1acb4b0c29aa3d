internal import CRabbitMQ

/// The broker's answer to a request made through the library.
struct BrokerReply {
    private let reply: amqp_rpc_reply_t

    init(_ reply: amqp_rpc_reply_t) {
        self.reply = reply
    }

    /// Opens the channel and, for publishing, switches confirms on.
    static func openChannel(_ state: amqp_connection_state_t, _ role: AMQPConnection.Role) throws(AMQPError) {
        amqp_channel_open(state, FrameWriter.channel)
        try BrokerReply(amqp_get_rpc_reply(state)).check(state, "opening the channel")
        guard role == .publishing else { return }
        amqp_confirm_select(state, FrameWriter.channel)
        try BrokerReply(amqp_get_rpc_reply(state)).check(state, "asking for confirms")
    }

    /// Whether the broker closed the channel instead of answering (it can be opened again).
    var closedChannel: Bool {
        reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == UInt32(AMQP_CHANNEL_CLOSE_METHOD)
    }

    /// Throws what the answer says is wrong, after telling the broker that its `close` was heard.
    func check(_ state: amqp_connection_state_t, _ context: String) throws(AMQPError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: throw AMQPError.library(reply.library_error, context: context)
        case AMQP_RESPONSE_SERVER_EXCEPTION:
            throw Self.close(reply.reply, state, context, answering: true)
                ?? AMQPError(.protocolViolation, "the broker answered with method \(reply.reply.id)", context: context)
        default: throw AMQPError(.connectionLost, "the broker gave no answer", context: context)
        }
    }

    /// The error in a `channel.close` or `connection.close`; nil for any other method. The answer goes through the
    /// library, which waits without limit: ask for it only while the socket has room.
    static func close(
        _ method: amqp_method_t, _ state: amqp_connection_state_t, _ context: String?, answering: Bool
    ) -> AMQPError? {
        guard let fields = method.decoded else { return nil }
        switch method.id {
        case UInt32(AMQP_CHANNEL_CLOSE_METHOD):
            let close = fields.load(as: amqp_channel_close_t.self)
            var ok = amqp_channel_close_ok_t()
            if answering {
                amqp_send_method(state, FrameWriter.channel, UInt32(AMQP_CHANNEL_CLOSE_OK_METHOD), &ok)
            }
            return .closed(
                replyCode: Int(close.reply_code), text: String(close.reply_text), channel: true, context: context)
        case UInt32(AMQP_CONNECTION_CLOSE_METHOD):
            let close = fields.load(as: amqp_connection_close_t.self)
            var ok = amqp_connection_close_ok_t()
            if answering {
                amqp_send_method(state, 0, UInt32(AMQP_CONNECTION_CLOSE_OK_METHOD), &ok)
            }
            return .closed(
                replyCode: Int(close.reply_code), text: String(close.reply_text), channel: false, context: context)
        default: return nil
        }
    }
}
