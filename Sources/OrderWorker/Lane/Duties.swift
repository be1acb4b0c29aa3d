internal import OrderCore
internal import OrderStore

/// What a lane does beside its batches, and when each is due next.
struct Duties {
    /// Something to be done now and then.
    enum Duty: CaseIterable {
        /// Due rows are claimed.
        case claim
        /// Streams that wait for another lane's rows are looked up again.
        case unblock
        /// What the broker did not take is set aside in the database.
        case setAside
        /// Rows set aside go out again.
        case retry
        /// The rows of dead lanes are adopted.
        case adopt
        /// Parked facts whose thing or time has come are claimed.
        case sweep
        /// Rules that were published meanwhile are taken up.
        case rules
        /// The outbox is measured against its bound.
        case measure
        /// One lane of all: partitions, purges, markers.
        case lead
        /// The session says that it lives, and asks whether the schema still serves this program.
        case ping

        /// How often.
        var every: Duration {
            switch self {
            case .claim: .milliseconds(200)
            case .unblock: .milliseconds(20)
            case .setAside, .retry, .sweep, .rules, .lead: .seconds(1)
            case .adopt, .measure: .seconds(2)
            case .ping: .seconds(10)
            }
        }
    }

    private var due: [Duty: ContinuousClock.Instant] = [:]

    /// Due rows that were claimed and go into the next batch.
    var claimed: [ClaimedTimer] = []
    /// Parked facts that were claimed and go into the next batch.
    var facts: [ParkedRecord] = []
    /// How many events could not be routed, by receiver: told with the next batch, an empty one where nothing comes.
    var unroutable: [String: Int64] = [:]
    /// Told to operations with the next batch.
    var alerts: [EventPayload] = []
    /// When old partitions are looked for next.
    var dropPartitionsAt: ContinuousClock.Instant = .now
    /// The broker ended a consumer: consume afresh.
    var consumersLost = false
    /// More is unpublished than memory is for, or the broker is away for long: forget it, to adopt it later.
    var forgetsPending = false
    /// When nothing could be published last, for want of a connection or in an alarm of the broker.
    var silentAt: ContinuousClock.Instant?
    /// Since when there is no publishing connection.
    var publisherLostAt: ContinuousClock.Instant?
    /// When all due rows are looked at next, not only the newest.
    var claimsAllAt: ContinuousClock.Instant = .now
    /// When orders that wait for stock are looked for next.
    var stockSweepAt: ContinuousClock.Instant = .now
    /// When old inbox rows and partitions are looked for next.
    var housekeepingAt: ContinuousClock.Instant = .now
    /// This lane leads the daily work of all.
    var leads = false
    /// Told to operations at most once a minute a receiver.
    var unroutableToldAt: [String: ContinuousClock.Instant] = [:]

    /// The duties whose time has come; each is due again after its interval.
    mutating func take(now: ContinuousClock.Instant) -> [Duty] {
        Duty.allCases.filter { duty in
            guard due[duty].map({ $0 <= now }) ?? true else { return false }
            due[duty] = now + duty.every
            return true
        }
    }

    /// A duty is to be done at the next turn.
    mutating func hasten(_ duty: Duty) { due[duty] = nil }

    /// What was claimed in a session that is gone is claimed again when its time is over.
    mutating func forgetSession() {
        claimed = []
        facts = []
        forgetsPending = false
        leads = false
        hasten(.adopt)
    }
}
