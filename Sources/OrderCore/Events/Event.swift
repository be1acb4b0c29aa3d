/// What happened, told to those who need to know. One event may go to several receivers; each has its own count.
public struct Event: Hashable, Sendable {
    /// What it is about: the receiver's order and counting go by it.
    public enum Subject: Hashable, Sendable {
        case order(String)
        case fulfilment(String)
        case stock(StockKey)
        /// Alerts have no number and stand outside the rule of order.
        case alert

        /// As it is written into the envelope.
        public var text: String {
            switch self {
            case .order(let number): number
            case .fulfilment(let id): id
            case .stock(let key): key.subject
            case .alert: ""
            }
        }
    }

    /// What it is about.
    public var subject: Subject
    /// What it says.
    public var payload: EventPayload
    /// The order it is told of, for the order's page.
    public var orderNumber: String?
    /// The journal version of the order that it stems from.
    public var version: Int64
    /// The message that caused it.
    public var cause: MessageIdentity
    /// Who hears of it, with the number it has for each; alerts carry 0.
    public var deliveries: [Delivery]

    /// One receiver's copy.
    public struct Delivery: Hashable, Sendable {
        /// The receiver.
        public var receiver: String
        /// Counted from 1, without a gap, by subject and receiver, within an epoch: an ``EventNumber`` as it is kept.
        public var number: Int64

        /// Makes a copy for a receiver.
        public init(receiver: String, number: Int64) {
            self.receiver = receiver
            self.number = number
        }
    }
}
