/// A rule of operations (订单规则): what it looks at, and what follows where it matches.
public struct Rule: Hashable, Sendable {
    /// Known by it, in journals too; unique in its set.
    public var name: String
    /// What staff call it, in any language.
    public var title: String?
    /// When it is asked.
    public var phase: RulePhase
    /// The smaller, the earlier it is asked; rules of the same priority by name.
    public var priority: Int64 = 100
    /// A rule that is switched off is checked, and never asked.
    public var isEnabled = true
    /// Asked from then on.
    public var validFrom: Timestamp?
    /// Not asked from then on.
    public var validUntil: Timestamp?
    /// Codes of channels and partners; empty: of all.
    public var sellers: [String] = []
    /// What must be so.
    public var condition: RuleCondition = .all([])
    /// What follows.
    public var actions: [RuleAction] = []
    /// No later rule of the phase is asked where this one matches.
    public var stops = false

    /// Makes a rule that always matches, and does nothing.
    public init(_ name: String, _ phase: RulePhase) {
        self.name = name
        self.phase = phase
    }
}

/// When a rule is asked, in the order in which an order comes by.
public enum RulePhase: String, Hashable, Sendable, CaseIterable {
    /// Is it an order that we take? Before anything is reserved.
    case validate
    /// Must a person look at it (审单)? Once it is paid, or needs no payment first.
    case review
    /// What is added at price 0 (赠品)? Before anything is reserved.
    case gift
    /// Which warehouse ships what (分仓)?
    case source
    /// When is it served, where it waits for stock (缺货排队)?
    case backorder
    /// What can't travel together (拆单)?
    case split
    /// What may travel together (合单)?
    case merge
    /// Who carries it?
    case carrier
    /// Who hears of it?
    case output
    /// How long does anything wait?
    case timing

    /// Only the first rule that matches counts: its actions answer the question whole.
    public var isFirstMatch: Bool {
        switch self {
        case .source, .backorder, .split, .merge, .carrier: true
        case .validate, .review, .gift, .output, .timing: false
        }
    }

    /// It is asked of each part of an order.
    public var isOfParts: Bool { self == .carrier || self == .merge }
}

/// Names that rules share: areas, SKUs, people. Looked up by hash, so that thousands cost what one does.
public struct RuleList: Hashable, Sendable {
    /// What staff call it.
    public var title: String?
    /// What is in it.
    public var entries: Set<String>

    /// Makes a list.
    public init(_ entries: Set<String>, title: String? = nil) {
        self.entries = entries
        self.title = title
    }
}

/// Rules as their owners wrote them, whole.
public struct RuleSet: Hashable, Sendable {
    /// What journals call it: `v12` where it was published, `files` where it was read from files.
    public var label: String
    /// Seconds east of UTC: times of day and days of the week are of this zone.
    public var zoneSeconds: Int64 = 0
    /// By name.
    public var lists: [String: RuleList] = [:]
    /// What parcels cost and how far they go, by name.
    public var tables: [String: RuleTable] = [:]
    /// What operations say of warehouses, by code.
    public var warehouses: [String: WarehouseRule] = [:]
    /// What operations say of carriers, by code.
    public var carriers: [String: CarrierRule] = [:]
    /// In the order in which they were written.
    public var rules: [Rule] = []
    /// How stock is split by channel: the first that speaks of a stock counts.
    public var shares: [StockShare] = []

    /// Makes a set without rules.
    public init(label: String) {
        self.label = label
    }
}
