public import FoundationEssentials

/// What the outside world has said and the broker has confirmed: the one truth that the worker's is measured against.
public struct Ledger: Sendable {
    /// What its sender knows must become of a message.
    public enum Fate: Sendable {
        /// What it says has its effect, once, however often it was sent.
        case effect
        /// It crosses another that it contradicts, if it comes after it: it has its effect, and may be listed as a conflict.
        case crossing
        /// It can't be read or applied, ever: it must end as a dead message.
        case dead
        /// It contradicts something that has had its effect: it must be listed as a conflict, and change nothing.
        case conflict
        /// Hostile input: whatever it says, it must be kept with an outcome.
        case kept
    }

    /// One message, as often as it was sent.
    public struct Entry: Sendable {
        /// The CloudEvents source.
        public var source: String
        /// The CloudEvents id.
        public var id: String
        /// The type, with its version.
        public var type: String
        /// The key it was published under.
        public var routingKey: String
        /// The whole body.
        public var body: Data
        /// The broker user it named.
        public var user: String?
        /// What must become of it.
        public var fate: Fate

        /// Puts an entry together; one without source or id names nobody.
        public init(
            source: String, id: String, type: String, routingKey: String, body: Data, user: String? = nil,
            fate: Fate = .effect
        ) {
            self.source = source
            self.id = id
            self.type = type
            self.routingKey = routingKey
            self.body = body
            self.user = user
            self.fate = fate
        }
    }

    /// In the order in which they were sent; what was sent again stands there again.
    public private(set) var entries: [Entry] = []

    /// An empty one.
    public init() {}

    /// Writes down what was sent.
    public mutating func add(_ entry: Entry) { entries.append(entry) }
}
