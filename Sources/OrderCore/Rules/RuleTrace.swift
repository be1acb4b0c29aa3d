/// How a rule came out for an order, and by which of its conditions: for people who ask why.
public struct RuleTrace: Hashable, Sendable {
    /// The rule.
    public var rule: Rule
    /// It matches, as far as its condition goes.
    public var holds: Bool
    /// It was not asked: an earlier rule of the phase ended it.
    public var isPassedOver: Bool
    /// What kept it from matching, or, where it matches, all of what had to hold.
    public var because: [String]
}

extension RuleBook {
    /// Every rule of a phase that is switched on, in the order in which they are asked.
    public func trace(_ phase: RulePhase, _ subject: RuleSubject) -> [RuleTrace] {
        let matched = Set(matches(phase, subject).map(\.name))
        var hasEnded = false
        return rules(of: phase).map { rule in
            var because: [String] = []
            let holds = explain(rule.timedCondition(at: subject.now), subject, &because)
            defer {
                if matched.contains(rule.name), rule.endsPhase { hasEnded = true }
            }
            return RuleTrace(rule: rule, holds: holds, isPassedOver: hasEnded, because: because)
        }
    }

    /// Whether a condition holds, and the parts of it that say so.
    private func explain(_ condition: RuleCondition, _ subject: RuleSubject, _ because: inout [String]) -> Bool {
        switch condition {
        case .all(let parts):
            var (reasons, holds) = ([String](), true)
            for part in parts {
                var own: [String] = []
                if explain(part, subject, &own) {
                    if holds { reasons += own }
                } else {
                    if holds { reasons = [] }
                    reasons += own
                    holds = false
                }
            }
            because += reasons
            return holds
        case .any(let parts):
            var failures: [String] = []
            for part in parts {
                var own: [String] = []
                if explain(part, subject, &own) {
                    because += own
                    return true
                }
                failures += own
            }
            because += failures
            return false
        default:
            let holds = self.holds(condition, subject)
            because.append(sentence(condition, holds, subject))
            return holds
        }
    }

    private func sentence(_ condition: RuleCondition, _ holds: Bool, _ subject: RuleSubject) -> String {
        let values = inputs(of: condition, subject).sorted { $0.key < $1.key }
        let seen = values.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")
        return "\(condition.text): \(holds ? "yes" : "no")" + (seen.isEmpty ? "" : " (\(seen))")
    }
}

extension Rule {
    /// Its whole condition, with the moments between which it is asked; a rule out of its time never matches.
    fileprivate func timedCondition(at now: Timestamp) -> RuleCondition {
        let isEarly = validFrom.map { now < $0 } ?? false
        let isLate = validUntil.map { now >= $0 } ?? false
        return isEarly || isLate ? .all([.any([]), wholeCondition]) : wholeCondition
    }
}

extension RuleCondition {
    /// In words, close to how it is written.
    public var text: String {
        switch self {
        case .all(let parts): parts.isEmpty ? "always" : "(" + parts.map(\.text).joined(separator: " and ") + ")"
        case .any(let parts): parts.isEmpty ? "never" : "(" + parts.map(\.text).joined(separator: " or ") + ")"
        case .not(let part): "not \(part.text)"
        case .order(let field, let test): "\(field.rawValue) \(test.text(field.kind))"
        case .line(let field, let test): "\(field.rawValue) \(test.text(field.kind))"
        case .lines(let quantifier, let part): "\(quantifier.rawValue) \(part.text)"
        case .sum(let field, let part, let test): "sum of \(field.rawValue) where \(part.text) \(test.text(field.kind))"
        case .history(let history, let test):
            "\(history.hasSameGoods ? "buyer.sameOrder" : "buyer.orders") of \(history.seconds) s \(test.text(.number))"
        }
    }
}

extension RuleTest {
    fileprivate func text(_ kind: RuleFieldKind) -> String {
        switch self {
        case .isIn(let values):
            values.count == 1
                ? "is \(values.first ?? "")" : "in [\(values.sorted().prefix(10).joined(separator: ", "))]"
        case .isInList(let name): "in list \(name)"
        case .within(let bounds): within(bounds, kind)
        case .during(let from, let until): "between \(RuleText.timeOfDay(from)) and \(RuleText.timeOfDay(until))"
        case .contains(let part): "contains \(part)"
        case .matches(let pattern): "matches \(pattern)"
        case .exists(let wanted): wanted ? "is there" : "is not there"
        }
    }

    private func within(_ bounds: ClosedRange<Int64>, _ kind: RuleFieldKind) -> String {
        switch (bounds.lowerBound, bounds.upperBound) {
        case (let lower, let upper) where lower == upper:
            kind == .flag ? (lower == 1 ? "is true" : "is false") : "is \(lower)"
        case (.min, let upper): "at most \(upper)"
        case (let lower, .max): "at least \(lower)"
        case (let lower, let upper): "between \(lower) and \(upper)"
        }
    }
}
