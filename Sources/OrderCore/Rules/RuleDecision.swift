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

extension RuleSubject {
    /// The values that a condition looks at, by the keys of the rule language; of lines only the fields' names.
    func inputs(of condition: RuleCondition, zoneSeconds: Int64) -> [String: String] {
        var found: [String: String] = [:]
        collect(condition, zoneSeconds, &found)
        return found
    }

    private func collect(_ condition: RuleCondition, _ zoneSeconds: Int64, _ found: inout [String: String]) {
        switch condition {
        case .all(let parts), .any(let parts): for part in parts { collect(part, zoneSeconds, &found) }
        case .not(let part): collect(part, zoneSeconds, &found)
        case .order(let field, _):
            let value =
                text(field, zoneSeconds: zoneSeconds) ?? number(field, zoneSeconds: zoneSeconds).map(String.init)
            found[field.rawValue] = field.isPersonal && value != nil ? "(there)" : value ?? "(none)"
        case .history(let history, _):
            let name = history.hasSameGoods ? "buyer.sameOrder" : "buyer.orders"
            found["\(name) in \(history.seconds) s"] = String(self.history[history, default: 0])
        case .lines(_, let part): collect(part, zoneSeconds, &found)
        case .sum(let field, let part, _):
            let key = "sum of \(field.rawValue)"
            let sum = lines.reduce(Int64(0)) { $0 &+ (number(field, of: $1) ?? 0) }
            found[key] = String(sum)
            collect(part, zoneSeconds, &found)
        case .line(let field, _):
            let values = lines.prefix(20).map {
                text(field, of: $0) ?? number(field, of: $0).map(String.init) ?? "(none)"
            }
            found[field.rawValue] = values.joined(separator: ", ")
        }
    }
}
