/// What another set of rules would say of an order: rule by rule, where it is not what is said now.
public struct RuleComparison: Sendable {
    /// What a rule does in one of the sets and not in the other.
    public struct Change: Hashable, Sendable {
        /// When the rule is asked.
        public var phase: RulePhase
        /// The rule.
        public var rule: String
        /// What follows from it, in words.
        public var effect: String
        /// It is new; else it is no more.
        public var isNew: Bool

        /// Puts a change together.
        public init(phase: RulePhase, rule: String, effect: String, isNew: Bool) {
            self.phase = phase
            self.rule = rule
            self.effect = effect
            self.isNew = isNew
        }
    }

    private let now: Side
    private let proposed: Side
    private let phases: [RulePhase]

    /// Compares rules with others, in the phases whose rules are asked about whole orders: of carrier and output, which are
    /// asked about parts and events, the parts and events are not known before.
    public init(_ now: RuleBook, with proposed: RuleBook) {
        self.now = Side(now)
        self.proposed = Side(proposed)
        phases = RulePhase.allCases.filter { $0 != .output && $0 != .carrier && (now.has($0) || proposed.has($0)) }
    }

    /// What is counted of buyers' earlier orders, for any rule of both.
    public var histories: Set<BuyerHistory> { now.book.histories.union(proposed.book.histories) }

    /// What would change for an order.
    public func changes(_ subject: RuleSubject) -> [Change] {
        phases.flatMap { phase -> [Change] in
            let before = now.effects(phase, subject)
            let after = proposed.effects(phase, subject)
            guard before != after else { return [] }
            let gone = before.filter { !after.contains($0) }
            let new = after.filter { !before.contains($0) }
            return gone.map { Change(phase: phase, rule: $0.rule, effect: $0.effect, isNew: false) }
                + new.map { Change(phase: phase, rule: $0.rule, effect: $0.effect, isNew: true) }
        }
    }

    private struct Effect: Hashable, Sendable {
        var rule: String
        var effect: String
    }

    /// One of the sets, with what follows from each of its rules in words: they are not put together for each order.
    private struct Side: Sendable {
        let book: RuleBook
        private let effects: [String: Effect]

        init(_ book: RuleBook) {
            self.book = book
            let pairs = book.set.rules.map { rule in
                (rule.name, Effect(rule: rule.name, effect: rule.actions.map(\.text).joined(separator: ", ")))
            }
            effects = Dictionary(pairs) { first, _ in first }
        }

        func effects(_ phase: RulePhase, _ subject: RuleSubject) -> [Effect] {
            book.matches(phase, subject).compactMap { effects[$0.name] }
        }
    }
}

extension RuleAction {
    /// In words, close to how it is written.
    public var text: String {
        switch self {
        case .reject(let detail): "reject: \(detail)"
        case .hold(let reason, _): "hold \(reason.rawValue)"
        case .approve: "approve"
        case .gift(let gift): gift.text
        case .source(let source): source.text
        case .backorder(let place): "rank \(place.rank)" + (place.smallerFirst ? ", smaller ones first" : "")
        case .split(let split): split.text
        case .merge(let seconds): "merge within \(seconds) s"
        case .carrier(let code): "carrier \(code)"
        case .tell(let receiver): "tell \(receiver)"
        case .leaveOut(let receiver): "leave out \(receiver)"
        case .redirect(let from, let to): "\(to) instead of \(from)"
        case .wait(let timing, let seconds): "\(timing.rawValue) \(seconds) s"
        }
    }
}

extension GiftAction {
    fileprivate var text: String {
        let step =
            switch each {
            case .amount(let amount): " for each \(amount) minor units"
            case .quantity(let units, let condition): " for each \(units) units of \(condition.text)"
            case nil: ""
            }
        return "give \(quantity) of \(sku)\(step)" + (most.map { ", \($0) at most" } ?? "")
            + (isOncePerBuyer ? ", once a buyer" : "")
    }
}

extension SourceAction {
    fileprivate var text: String {
        let tries = steps.map { step in
            (step.warehouses.isEmpty ? "any warehouse" : step.warehouses.joined(separator: " or "))
                + (step.isPartial ? " in part" : "")
                + (step.minimumValue > 0 ? " of at least \(step.minimumValue) minor units" : "")
        }
        let without = forbidden.isEmpty ? "" : ", never \(forbidden.sorted().joined(separator: ", "))"
        let wait = waits ? ", else wait" + (givesUpAfter > 0 ? " for \(givesUpAfter) s" : "") : ""
        return "source from \(tries.joined(separator: ", then "))\(without)\(wait)"
    }
}

extension SplitAction {
    fileprivate var text: String {
        var by = criteria.map(\.rawValue).sorted()
        if let maximumWeight { by.append("\(maximumWeight) g") }
        if let maximumVolume { by.append("\(maximumVolume) cm³") }
        if let maximumValue { by.append("\(maximumValue) minor units") }
        return "split by \(by.joined(separator: ", "))"
    }
}
