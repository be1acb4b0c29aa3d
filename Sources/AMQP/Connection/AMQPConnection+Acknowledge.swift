internal import CRabbitMQ

// Settling deliveries. A delivery of an older generation is dropped without a word: its channel is gone, the broker has
// put the message back, and its tag would hit another message here or close the channel.
extension AMQPConnection {
    /// Tells the broker that a delivery (`multiple`: and all before it on this channel) is done with.
    public func ack(_ deliveryTag: UInt64, multiple: Bool = false, generation: UInt64) throws(AMQPError) {
        try settle(
            UInt32(AMQP_BASIC_ACK_METHOD),
            amqp_basic_ack_t(delivery_tag: deliveryTag, multiple: multiple ? 1 : 0), generation)
    }

    /// Gives a delivery (`multiple`: and all before it) back to its queue.
    public func requeue(_ deliveryTag: UInt64, multiple: Bool = false, generation: UInt64) throws(AMQPError) {
        try settle(
            UInt32(AMQP_BASIC_NACK_METHOD),
            amqp_basic_nack_t(delivery_tag: deliveryTag, multiple: multiple ? 1 : 0, requeue: 1), generation)
    }

    /// Refuses a delivery (`multiple`: and all before it) for good: it goes to the queue's dead-letter exchange, if any.
    public func reject(_ deliveryTag: UInt64, multiple: Bool = false, generation: UInt64) throws(AMQPError) {
        try settle(
            UInt32(AMQP_BASIC_NACK_METHOD),
            amqp_basic_nack_t(delivery_tag: deliveryTag, multiple: multiple ? 1 : 0, requeue: 0), generation)
    }

    private func settle<Fields: BitwiseCopyable>(_ method: UInt32, _ fields: Fields, _ generation: UInt64)
        throws(AMQPError)
    {
        guard generation == self.generation else { return }
        try requireOpen()
        try orClose { () throws(AMQPError) in
            try writer.method(method, fields)
            try writer.flush()
        }
    }
}
