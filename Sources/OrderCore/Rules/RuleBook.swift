/// Rules, made ready once to be asked often. Pure: the same rules and the same subject give the same answer.
public struct RuleBook: Sendable {
    /// The rules as their owners wrote them.
    public let set: RuleSet
    /// What is counted of buyers' earlier orders, for any of its rules.
    public let histories: Set<BuyerHistory>
    /// A rule that may be asked after the release looks at buyers' earlier orders.
    public let looksBackLater: Bool
    /// A rule looks at what can be promised.
    public let looksAtStock: Bool
    /// A rule of review does.
    public let reviewsStock: Bool
    /// When its rules look at products.
    public let productNeeds: Set<RuleProductNeed>
    /// What its rules may give.
    public let gifts: [(rule: String, gift: GiftAction)]
    /// The warehouses of suppliers who ship themselves, by supplier.
    let suppliers: [String: [String]]
    /// A warehouse can't take on all that comes.
    public let limitsWork: Bool
    /// The fewest requests without an answer after which any rule has a warehouse asked to give its part back.
    let unanswered: Int64?

    /// The rules of a phase. An object, so that asking costs one reference count instead of one for each of its parts.
    private final class Chapter: Sendable {
        let rules: [Rule]
        /// Where the condition of each rule begins.
        let starts: [Int]
        /// Whether a rule that matches is the last.
        let isLast: [Bool]
        let index: RuleIndex

        init(_ rules: [Rule], starts: [Int], index: RuleIndex) {
            self.rules = rules
            self.starts = starts
            isLast = rules.map(\.endsPhase)
            self.index = index
        }
    }

    private var program: RuleProgram
    private var chapters: [Chapter?]

    /// Makes rules ready. A list that is not there has nothing in it.
    public init(_ set: RuleSet) {
        self.set = set
        program = RuleProgram(lists: set.lists, zoneSeconds: set.zoneSeconds)
        histories = Set(set.rules.filter(\.isEnabled).flatMap(\.histories))
        looksBackLater = set.rules.contains { $0.isEnabled && $0.phase.isLate && !$0.histories.isEmpty }
        looksAtStock = set.rules.contains { $0.isEnabled && $0.conditions.contains(where: \.looksAtStock) }
        reviewsStock = set.rules.contains { $0.isEnabled && $0.phase == .review && $0.condition.looksAtStock }
        productNeeds = set.productNeeds
        suppliers = Dictionary(
            grouping: set.warehouses.keys.filter { set.warehouses[$0]?.supplier != nil }.sorted(),
            by: { set.warehouses[$0]?.supplier ?? "" })
        limitsWork = set.warehouses.values.contains { $0.capacity != nil }
        unanswered =
            set.rules.filter(\.isEnabled).flatMap(\.actions).compactMap { action in
                if case .source(let source) = action { source.unanswered } else { nil }
            }.min()
        gifts = set.rules.filter { $0.isEnabled && $0.phase == .gift }.flatMap { rule in
            rule.actions.compactMap { if case .gift(let gift) = $0 { (rule.name, gift) } else { nil } }
        }
        chapters = []
        for phase in RulePhase.allCases {
            let rules = set.rules.filter { $0.isEnabled && $0.phase == phase }
                .sorted { ($0.priority, $0.name) < ($1.priority, $1.name) }
            guard !rules.isEmpty else {
                chapters.append(nil)
                continue
            }
            var starts: [Int] = []
            for rule in rules {
                let condition = program.add(rule.wholeCondition)
                starts.append(program.add(from: rule.validFrom, until: rule.validUntil, yes: condition))
            }
            let index = RuleIndex(rules, lists: set.lists, zoneSeconds: set.zoneSeconds)
            chapters.append(Chapter(rules, starts: starts, index: index))
        }
    }

    /// Whether any rule is asked in a phase.
    public func has(_ phase: RulePhase) -> Bool { chapters[phase.place] != nil }

    /// The rules of a phase that are switched on, in the order in which they are asked.
    func rules(of phase: RulePhase) -> [Rule] { chapters[phase.place]?.rules ?? [] }

    /// How a stock is split by channel; nil where it is common.
    public func share(of key: StockKey) -> StockShare? { set.shares.first { $0.covers(key) } }

    /// Whether a condition of no rule holds; for questions that are asked seldom.
    func holds(_ condition: RuleCondition, _ subject: RuleSubject) -> Bool {
        var program = RuleProgram(lists: set.lists, zoneSeconds: set.zoneSeconds)
        let start = program.add(condition)
        return program.holds(start, for: subject)
    }

    /// The lines for which a condition holds.
    func lines(of condition: RuleCondition, _ subject: RuleSubject) -> [OrderLine] {
        var program = RuleProgram(lists: set.lists, zoneSeconds: set.zoneSeconds)
        let start = program.add(condition)
        return subject.lines.indices.filter { program.holds(start, for: subject, line: $0) }.map { subject.lines[$0] }
    }

    /// The rules of a phase that match, in their order: one at most where only the first counts, none after one that stops.
    public func matches(_ phase: RulePhase, _ subject: RuleSubject) -> [Rule] {
        guard let chapter = chapters[phase.place] else { return [] }
        var found: [Rule] = []
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: chapter.rules.count / 64 + 1) { words in
            words.initialize(repeating: 0)
            chapter.index.find(for: subject) { words[$0 / 64] |= 1 << UInt64($0 % 64) }
            for word in words.indices {
                var bits = words[word]
                while bits != 0 {
                    let place = word * 64 + bits.trailingZeroBitCount
                    bits &= bits - 1
                    guard program.holds(chapter.starts[place], for: subject) else { continue }
                    found.append(chapter.rules[place])
                    if chapter.isLast[place] { return }
                }
            }
        }
        return found
    }
}

extension RulePhase {
    /// Its rules may be asked after the release of an order, too.
    fileprivate var isLate: Bool {
        switch self {
        case .validate, .review, .gift, .merge: false
        case .source, .backorder, .split, .carrier, .output, .timing: true
        }
    }

    /// Its place among the phases.
    fileprivate var place: Int {
        switch self {
        case .validate: 0
        case .review: 1
        case .gift: 2
        case .source: 3
        case .backorder: 4
        case .split: 5
        case .merge: 6
        case .carrier: 7
        case .output: 8
        case .timing: 9
        }
    }
}

extension Rule {
    /// What it asks: for whether it matches, and for how often it gives.
    var conditions: [RuleCondition] {
        [condition]
            + gifts.compactMap { if case .quantity(_, of: let condition) = $0.each { condition } else { nil } }
    }

    fileprivate var histories: [BuyerHistory] { conditions.flatMap(\.histories) }
}

extension Rule {
    /// Where it matches, no later rule of its phase is asked.
    public var endsPhase: Bool { phase.isFirstMatch || stops || actions.contains(.approve) }
}

extension RuleCondition {
    /// It asks what can be promised.
    fileprivate var looksAtStock: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.looksAtStock)
        case .not(let part), .lines(_, let part): part.looksAtStock
        case .line(let field, _): field == .available
        case .sum(let field, let part, _): field == .available || part.looksAtStock
        case .order, .history: false
        }
    }

    /// What is counted of buyers' earlier orders.
    var histories: [BuyerHistory] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.histories)
        case .not(let part): part.histories
        case .history(let history, _): [history]
        case .order, .lines, .line, .sum: []
        }
    }
}
