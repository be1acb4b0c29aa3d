/// Something that arrived from the broker.
public enum AMQPEvent: Sendable {
    /// A message for one of our consumers.
    case delivery(Delivery)
    /// One published message is settled; they come in the order in which the broker settled them.
    case settled(Settlement)
    /// A mandatory message found no queue; its settlement follows.
    case returned(ReturnedMessage)
    /// The broker ended a consumer: its queue is gone or its leader moved. Consume again or give up.
    case consumerCancelled(tag: String)
    /// The broker takes no publishes for now (memory or disk alarm).
    case blocked(reason: String)
    /// The broker takes publishes again.
    case unblocked
}
