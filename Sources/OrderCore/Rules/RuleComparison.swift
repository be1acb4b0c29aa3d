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
    /// What follows from any rule of both sets, each once: asked about an order, the sets are compared by places in it.
    private let effects: [Effect]
    private let phases: [RulePhase]

    /// Compares rules with others, in all phases but that of events, which are not known before.
    public init(_ now: RuleBook, with proposed: RuleBook) {
        var places: [Effect: Int] = [:]
        self.now = Side(now, &places)
        self.proposed = Side(proposed, &places)
        effects = places.sorted { $0.value < $1.value }.map(\.key)
        phases = RulePhase.allCases.filter { $0 != .output && (now.has($0) || proposed.has($0)) }
    }

    /// What is counted of buyers' earlier orders, for any rule of both.
    public var histories: Set<BuyerHistory> { now.book.histories.union(proposed.book.histories) }

    /// Either set says who hears of events, which is not compared.
    public var leavesOutEvents: Bool { now.book.has(.output) || proposed.book.has(.output) }

    /// What would change for an order.
    ///
    /// - Parameters:
    ///   - subject: The order as it was placed. Before it is paid nothing was received for it; the phases that come after
    ///     see an order that is to be paid first as paid in full.
    ///   - parts: What was planned of it, each of which is asked about in the phases of parts.
    public func changes(_ subject: RuleSubject, parts: [RuleSubject.Part] = []) -> [Change] {
        var found: [Change] = []
        for phase in phases {
            for subject in subject.asked(in: phase, parts) {
                let before = now.effects(phase, subject, effects)
                let after = proposed.effects(phase, subject, effects)
                guard before != after else { continue }
                found += changes(phase, before.filter { !after.contains($0) }, isNew: false)
                found += changes(phase, after.filter { !before.contains($0) }, isNew: true)
            }
        }
        // Several parts may say the same; the order changes once.
        guard parts.count > 1 else { return found }
        var seen: Set<Change> = []
        return found.filter { seen.insert($0).inserted }
    }

    private func changes(_ phase: RulePhase, _ places: [Int], isNew: Bool) -> [Change] {
        places.map { place in
            Change(phase: phase, rule: effects[place].rule, effect: effects[place].text, isNew: isNew)
        }
    }

    /// What follows from a rule. Its words tell people; what is compared is what they stand for.
    private struct Effect: Hashable, Sendable {
        var rule: String
        var actions: [RuleAction]
        /// Its carrier does not go to the receiver.
        var hasNoRoute = false

        var text: String { actions.map(\.text).joined(separator: ", ") + (hasNoRoute ? ", which has no route" : "") }

        var timing: RuleTiming? {
            if case .wait(let timing, _)? = actions.first { timing } else { nil }
        }
    }

    /// One of the sets, with the places of what follows from its rules.
    private struct Side: Sendable {
        let book: RuleBook
        private var usual: [String: [Int]] = [:]
        /// What follows where the carrier has no route.
        private var withoutRoute: [String: [Int]] = [:]

        init(_ book: RuleBook, _ places: inout [Effect: Int]) {
            self.book = book
            func place(_ effect: Effect) -> Int {
                if let known = places[effect] { return known }
                places[effect] = places.count
                return places.count - 1
            }
            for rule in book.set.rules {
                // Of several rules that set times, each may have its say about another.
                let actions = rule.phase == .timing ? rule.actions.map { [$0] } : [rule.actions]
                usual[rule.name] = actions.map { place(Effect(rule: rule.name, actions: $0)) }
                guard rule.phase == .carrier else { continue }
                withoutRoute[rule.name] = [place(Effect(rule: rule.name, actions: rule.actions, hasNoRoute: true))]
            }
        }

        func effects(_ phase: RulePhase, _ subject: RuleSubject, _ effects: [Effect]) -> [Int] {
            let rules = book.matches(phase, subject)
            switch phase {
            case .carrier:
                return rules.flatMap { (goes($0, subject) ? usual[$0.name] : withoutRoute[$0.name]) ?? [] }
            case .timing:
                var known: Set<RuleTiming?> = []
                return rules.flatMap { usual[$0.name] ?? [] }.filter { known.insert(effects[$0].timing).inserted }
            default:
                return rules.flatMap { usual[$0.name] ?? [] }
            }
        }

        private func goes(_ rule: Rule, _ subject: RuleSubject) -> Bool {
            guard case .carrier(let code)? = rule.actions.first else { return true }
            return book.set.carriers[code]?.goes(to: subject.contact?.receiver) ?? true
        }
    }
}

extension RuleSubject {
    /// The same, whatever was received since: nothing when it is placed; in the phases that come after, all of what is to be
    /// paid first.
    public func asPaid(in phase: RulePhase) -> RuleSubject {
        let isPaid = order.paymentTerm == .online && (phase == .review || phase.isOfParts)
        var subject = self
        subject.order.money = OrderMoney()
        subject.order.money.captured = isPaid ? order.payable : 0
        subject.order.paymentState = isPaid ? .paid : .unpaid
        return subject
    }

    /// What a phase is asked about: the order, or each of its parts.
    fileprivate func asked(in phase: RulePhase, _ parts: [Part]) -> [RuleSubject] {
        var asked = asPaid(in: phase)
        guard phase.isOfParts else { return [asked] }
        return parts.map { part in
            asked.part = part
            return asked
        }
    }
}
