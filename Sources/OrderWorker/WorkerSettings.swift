public import AMQP
public import OrderCore
public import OrderMessages
public import Postgres

/// Everything that a worker needs to know; made from the configuration.
public struct WorkerSettings: Sendable {
    /// Names this installation in the `source` of its events: `orderflow/<instance>`.
    public var instance: String
    /// The broker.
    public var broker: AMQPURL
    /// The database.
    public var database: PostgresConfiguration
    /// Lanes of this process.
    public var lanes = 2
    /// Most messages of a batch.
    public var batchMessages = 200
    /// Most bytes of bodies in a batch.
    public var batchBytes = 256 * 1024
    /// What is received and not processed, in bytes, before the socket is not read any more.
    public var receivedBytes = 32 * 1024 * 1024
    /// Rows of the outbox that can go out, of all lanes together, before intake pauses.
    public var outboxRows = 100_000
    /// Rows of the outbox that wait for receivers that are gone, before intake pauses.
    public var setAsideRows = 1_000_000
    /// Dead messages that nobody has replayed or dropped, before intake pauses.
    public var deadMessages = 100_000
    /// Events that a lane keeps in memory until they are confirmed; beyond it they are adopted from the database later.
    public var unpublishedRows = 20_000
    /// How events are sent.
    public var eventMode: EventEncoder.Mode = .structured
    /// Who is believed to speak.
    public var authority = Authority()
    /// The rules of operations that count as long as none were published; none: the policies of sellers alone.
    public var rules: RuleSet?
    /// Declare the topology at start; `false` for a broker user that may not.
    public var declaresTopology = true
    /// How long after a marker came back through the payments queue a payment timeout may fire, in seconds: whatever
    /// was taken before the marker is settled or redelivered by then (the watchdog's bound).
    public var markerGraceSeconds: Int64 = 30
    /// No progress of a lane for so long, outside of its waiting, ends the process.
    public var watchdogSeconds = 30
    /// How long a drain may take before connections are closed with work unconfirmed, in seconds.
    public var drainSeconds = 20
    /// How long messages and events are kept in the logs, in days.
    public var logDays = 30
    /// How long the inbox remembers what is neither parked nor dead, in days.
    public var inboxDays = 14

    /// Settings for these servers, with the defaults.
    public init(instance: String, broker: AMQPURL, database: PostgresConfiguration) {
        self.instance = instance
        self.broker = broker
        self.database = database
    }
}

/// Who is believed to speak: configuration maps sources and broker users to sellers, to receivers and to staff.
public struct Authority: Sendable {
    /// The channel and partner codes that a CloudEvents source owns; `*` stands for all.
    public var sellersBySource: [String: Set<String>] = [:]
    /// The channel and partner codes that a broker user owns; `*` stands for all.
    public var sellersByUser: [String: Set<String>] = [:]
    /// The roles of the broker users that staff commands are believed from.
    public var staffRolesByUser: [String: Set<StaffRole>] = [:]

    /// The receivers that a broker user or a CloudEvents source speaks for.
    public var receiversBySpeaker: [String: Set<String>] = [:]

    /// Nobody is believed.
    public init() {}

    /// Who speaks in a message from this queue, source and broker user.
    ///
    /// The broker vouches for the user, so that a user that is mapped counts before the source that anyone can write.
    public func sender(queue: String, source: String, user: String?) -> Sender {
        if queue == "staff.commands" {
            guard let user, let roles = staffRolesByUser[user] else { return .stranger }
            return .staff(roles: roles)
        }
        let vouchedFor = user.flatMap { owner(sellersByUser[$0], receiversBySpeaker[$0]) }
        return vouchedFor ?? owner(sellersBySource[source], receiversBySpeaker[source]) ?? .stranger
    }

    /// Nobody where neither is mapped.
    private func owner(_ sellers: Set<String>?, _ receivers: Set<String>?) -> Sender? {
        guard sellers != nil || receivers != nil else { return nil }
        let sellers = sellers ?? []
        return .owner(of: sellers.contains("*") ? nil : sellers, receiving: receivers ?? [])
    }
}
