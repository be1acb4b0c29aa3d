/// What follows where a rule matches. Each belongs to a phase, or to two.
public enum RuleAction: Hashable, Sendable {
    /// validate: the order is not taken, for this reason.
    case reject(detail: String)
    /// validate, review: people look at it first.
    case hold(HoldReason, detail: String)
    /// review: nobody has to look at it; no later rule of the phase is asked.
    case approve
    /// gift: a line is added at price 0.
    case gift(GiftAction)
    /// source: where the goods may come from.
    case source(SourceAction)
    /// backorder: when its turn is, where it waits for stock.
    case backorder(BackorderAction)
    /// split: what can't travel together.
    case split(SplitAction)
    /// merge: parts for the same buyer and receiver, from the same warehouse, wait so many seconds for each other.
    case merge(windowSeconds: Int64)
    /// carrier: the carrier's code.
    case carrier(String)
    /// output: one more receiver hears of the event.
    case tell(receiver: String)
    /// output: a receiver does not hear of the event.
    case leaveOut(receiver: String)
    /// output: one receiver hears of the event in the place of another.
    case redirect(from: String, to: String)
    /// timing: so many seconds instead of what the seller's policy says.
    case wait(RuleTiming, seconds: Int64)

    /// Its key in the rule language.
    public var kind: RuleActionKind {
        switch self {
        case .reject: .reject
        case .hold: .hold
        case .approve: .approve
        case .gift: .gift
        case .source: .source
        case .backorder: .backorder
        case .split: .split
        case .merge: .merge
        case .carrier: .carrier
        case .tell: .tell
        case .leaveOut: .leaveOut
        case .redirect: .redirect
        case .wait: .wait
        }
    }
}

/// The actions by name.
public enum RuleActionKind: String, Hashable, Sendable, CaseIterable {
    case reject, hold, approve, gift, source, backorder, split, merge, carrier, tell, leaveOut, redirect, wait

    /// The phases whose rules may have it.
    public var phases: [RulePhase] {
        switch self {
        case .reject: [.validate]
        case .hold: [.validate, .review]
        case .approve: [.review]
        case .gift: [.gift]
        case .source: [.source]
        case .backorder: [.backorder]
        case .split: [.split]
        case .merge: [.merge]
        case .carrier: [.carrier]
        case .tell, .leaveOut, .redirect: [.output]
        case .wait: [.timing]
        }
    }
}

/// What is given, and how often.
public struct GiftAction: Hashable, Sendable {
    /// What is given.
    public var sku: String
    /// Units at a time.
    public var quantity: Int64 = 1
    /// Given once for each full step of this measure; once where there is none.
    public var each: Step?
    /// Units of an order at most.
    public var most: Int64?
    /// A buyer gets it once.
    public var isOncePerBuyer = false

    /// A measure of the order that gifts go by.
    public enum Step: Hashable, Sendable {
        /// So many minor units of goods.
        case amount(Int64)
        /// So many units of the lines that match.
        case quantity(Int64, of: RuleCondition)
    }

    /// Gives one unit, once an order.
    public init(sku: String) {
        self.sku = sku
    }
}

/// Where the goods of an order may come from: steps that are tried in order, until all of it has a place.
public struct SourceAction: Hashable, Sendable {
    /// One try.
    public struct Step: Hashable, Sendable {
        /// Codes, best first; empty: every active warehouse, by its priority.
        public var warehouses: [String] = []
        /// What it can give is taken, and the next step is for the rest; else it must be able to give all that is left.
        public var isPartial = false
        /// Of a partial step: what is taken must be worth so much, and what is left too, minor units.
        public var minimumValue: Int64 = 0
        /// Asks only warehouses whose cut-off time of today is not over.
        public var isToday = false

        /// Tries every active warehouse, for all that is left.
        public init() {}
    }

    /// Tried in order.
    public var steps: [Step]
    /// Never asked.
    public var forbidden: Set<String> = []
    /// Whether what no step can give waits for stock; else it is held at once.
    public var waits = false
    /// What waits is held after so many seconds.
    public var givesUpAfter: Int64 = 0
    /// The table of what parcels cost; without one it is what their warehouses say.
    public var costs: String?
    /// The table of how far it is: of plans that cost the same, the nearest.
    public var distances: String?
    /// So often another warehouse is asked for what was refused; then people are.
    public var mostAgain: Int64 = SourceAction.usuallyAgain
    /// A warehouse that leaves so many requests to take its part unanswered is asked to give it back.
    public var unanswered: Int64?

    /// How often another warehouse is asked where nothing is said.
    static let usuallyAgain: Int64 = 3

    /// Steps, and a hold for what none of them can give.
    public init(steps: [Step]) {
        self.steps = steps
    }
}

/// When an order is served that waits for stock.
public struct BackorderAction: Hashable, Sendable {
    /// The smaller, the earlier; of the same rank who has been paid for longest.
    public var rank: Int64
    /// It keeps nothing for itself: who comes later may be served first, where what comes is not enough for it.
    public var smallerFirst = false

    /// Gives a rank; it keeps its turn.
    public init(rank: Int64 = Backorder.usualRank) {
        self.rank = rank
    }
}

/// What keeps lines of one warehouse from travelling together.
public struct SplitAction: Hashable, Sendable {
    /// Lines that differ in it travel apart.
    public enum Criterion: String, Hashable, Sendable, CaseIterable {
        case type
        case supplier
        case temperature
        /// The day from which it may be sold.
        case presale
    }

    /// Lines that differ in any of these travel apart.
    public var criteria: Set<Criterion> = []
    /// Grams of a parcel at most.
    public var maximumWeight: Int64?
    /// Cubic centimetres of a parcel at most.
    public var maximumVolume: Int64?
    /// Minor units of a parcel at most.
    public var maximumValue: Int64?

    /// Keeps nothing apart.
    public init() {}
}

/// What waits, by the time that a rule may set.
public enum RuleTiming: String, Hashable, Sendable, CaseIterable {
    case paymentTimeout
    case releaseDelay
    case autoReceiveAfterDelivery
    case autoReceiveAfterShipping
    case reviewWindow
    case noAnswerAfter
    case handOverInDoubtAfter
}
