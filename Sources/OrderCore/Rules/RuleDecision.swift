/// What a rule has decided about an order: kept beside the journal, so that everybody can see later which rule of which
/// version it was, and by which values.
public struct RuleDecision: Hashable, Sendable {
    /// The order.
    public var orderNumber: String
    /// The journal version of the order that it belongs to.
    public var version: Int64 = 0
    /// When the rule was asked.
    public var phase: RulePhase
    /// The rule's name.
    public var rule: String
    /// The version of the rules, as their set calls itself.
    public var rules: String
    /// The values that its condition looked at, by field; of personal ones only whether they are there.
    public var inputs: [String: String]
    /// What followed, as a sentence.
    public var effect: String

    /// Puts a decision down.
    init(_ orderNumber: String, _ rule: Rule, rules: String, inputs: [String: String], effect: String) {
        self.orderNumber = orderNumber
        phase = rule.phase
        self.rule = rule.name
        self.rules = rules
        self.inputs = inputs
        self.effect = effect
    }

    /// The same, of a version of the order.
    func at(_ version: Int64) -> RuleDecision {
        var decision = self
        decision.version = version
        return decision
    }
}

extension RuleBook {
    /// The values that a condition looks at, by the keys of the rule language.
    func inputs(of condition: RuleCondition, _ subject: RuleSubject) -> [String: String] {
        var found: [String: String] = [:]
        collect(condition, subject, &found)
        return found
    }

    private func collect(_ condition: RuleCondition, _ subject: RuleSubject, _ found: inout [String: String]) {
        switch condition {
        case .all(let parts), .any(let parts): for part in parts { collect(part, subject, &found) }
        case .not(let part): collect(part, subject, &found)
        case .order(let field, _):
            let value =
                subject.text(field, zoneSeconds: set.zoneSeconds)
                ?? subject.number(field, zoneSeconds: set.zoneSeconds).map(String.init)
            found[field.rawValue] = field.isPersonal && value != nil ? "(there)" : value ?? "(none)"
        case .history(let history, _):
            let name = history.hasSameGoods ? "buyer.sameOrder" : "buyer.orders"
            found["\(name) in \(history.seconds) s"] = subject.history[history].map(String.init) ?? "(none)"
        case .lines(_, let part): collect(part, subject, &found)
        case .sum(let field, let part, _):
            let isOfAll = part == .all([])
            let sum = lines(of: part, subject).reduce(Int64(0)) { $0.addingHeld(subject.number(field, of: $1) ?? 0) }
            found["sum of \(field.rawValue)" + (isOfAll ? "" : " where \(part.text)")] = String(sum)
            collect(part, subject, &found)
        case .line(let field, _):
            let values = subject.lines.prefix(Self.most).map {
                subject.text(field, of: $0) ?? subject.number(field, of: $0).map(String.init) ?? "(none)"
            }
            let others = subject.lines.count - values.count
            found[field.rawValue] = values.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
        }
    }

    /// Of so many lines values are written down.
    private static let most = 20
}
