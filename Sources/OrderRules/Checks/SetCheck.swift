internal import OrderCore

/// What only all rules together show: names given twice, rules that never match or are never reached, rules that contradict
/// each other.
struct SetCheck {
    let rules: [PlacedRule]

    func check() {
        checkNames()
        for phase in RulePhase.allCases {
            // As they are asked.
            let asked = rules.filter { $0.rule.isEnabled && $0.rule.phase == phase }
                .sorted { $0.rule.isAsked(before: $1.rule) }
            for (index, later) in asked.enumerated() {
                if let name = later.rule.wholeCondition.contradiction {
                    later.name.warning("never matches: nothing passes all that is asked of `\(name)`")
                } else {
                    check(later, after: asked[..<index])
                }
            }
        }
    }

    private func checkNames() {
        var first: [String: PlacedRule] = [:]
        for placed in rules {
            if let known = first[placed.rule.name] {
                placed.name.error("the rule `\(placed.rule.name)` is there already: \(known.name.place)")
            } else {
                first[placed.rule.name] = placed
            }
        }
    }

    /// Tells of the first rule that stands in its way.
    private func check(_ later: PlacedRule, after earlier: ArraySlice<PlacedRule>) {
        for first in earlier where first.rule.covers(later.rule) {
            let isSame = later.rule.covers(first.rule)
            if isSame, first.rule.contradicts(later.rule) {
                return later.name.warning(
                    "contradicts `\(first.rule.name)` (\(first.name.place)): the same condition, another answer")
            }
            if first.rule.endsPhase {
                let how = isSame ? "has the same condition" : "matches whenever it would"
                return later.name.warning(
                    "is never reached: `\(first.rule.name)` (\(first.name.place)) \(how), is asked before, and ends the phase"
                )
            }
        }
        checkTimes(later, after: earlier)
    }

    /// For each time the first rule counts that has it: one whose times are all taken by others never counts.
    private func checkTimes(_ later: PlacedRule, after earlier: ArraySlice<PlacedRule>) {
        let times = later.rule.times
        let before = earlier.filter { !$0.rule.times.isDisjoint(with: times) && $0.rule.covers(later.rule) }
        guard !times.isEmpty, Set(before.flatMap(\.rule.times)).isSuperset(of: times) else { return }
        let names = before.map { "`\($0.rule.name)` (\($0.name.place))" }.joined(separator: ", ")
        later.name.warning("never counts: before it \(names) says all of its times, whenever it would match")
    }
}

extension Rule {
    /// Its place among the rules of its phase.
    func isAsked(before other: Rule) -> Bool {
        phase == other.phase && (priority, name) < (other.priority, other.name)
    }

    /// The times that it says.
    fileprivate var times: Set<RuleTiming> {
        Set(actions.compactMap { if case .wait(let timing, _) = $0 { timing } else { nil } })
    }

    /// Whether it matches whenever the other one does, as far as can be seen.
    func covers(_ other: Rule) -> Bool {
        (validFrom ?? Timestamp(microseconds: .min)) <= (other.validFrom ?? Timestamp(microseconds: .min))
            && (validUntil ?? Timestamp(microseconds: .max)) >= (other.validUntil ?? Timestamp(microseconds: .max))
            && (sellers.isEmpty || !other.sellers.isEmpty && Set(sellers).isSuperset(of: other.sellers))
            && condition.isImplied(by: other.condition)
    }

    /// Whether their actions can't both be meant.
    fileprivate func contradicts(_ other: Rule) -> Bool {
        actions.contains { mine in other.actions.contains { mine.contradicts($0) } }
    }
}

extension RuleAction {
    fileprivate func contradicts(_ other: RuleAction) -> Bool {
        switch (self, other) {
        case (.approve, .hold), (.hold, .approve), (.reject, .hold), (.hold, .reject): true
        case (.carrier(let left), .carrier(let right)): left != right
        case (.tell(let left), .leaveOut(let right)), (.leaveOut(let left), .tell(let right)): left == right
        // Elsewhere, or back again.
        case (.redirect(let left, let one), .redirect(let right, let two)):
            left == right && one != two || left == two && one == right
        case (.wait(let left, let one), .wait(let right, let two)): left == right && one != two
        default: false
        }
    }
}

extension RuleCondition {
    /// Whether it holds wherever the other one does: certain where it says so, and not seen everywhere.
    func isImplied(by narrow: RuleCondition) -> Bool {
        if self == narrow { return true }
        if case .any(let parts) = narrow { return !parts.isEmpty && parts.allSatisfy(isImplied) }
        switch self {
        case .all(let parts): return parts.allSatisfy { $0.isImplied(by: narrow) }
        case .any(let parts) where parts.contains { $0.isImplied(by: narrow) }: return true
        case .order(let field, let wide):
            if case .order(field, let test) = narrow, wide.isImplied(by: test) { return true }
        case .line(let field, let wide):
            if case .line(field, let test) = narrow, wide.isImplied(by: test) { return true }
        case .lines(let quantifier, let wide) where quantifier != .no:
            if case .lines(quantifier, let part) = narrow, wide.isImplied(by: part) { return true }
        case .history(let history, let wide):
            if case .history(history, let test) = narrow, wide.isImplied(by: test) { return true }
        case .sum(let field, let part, let wide):
            if case .sum(field, part, let test) = narrow, wide.isImplied(by: test) { return true }
        default: break
        }
        guard case .all(let parts) = narrow else { return false }
        return parts.contains(where: isImplied)
    }
}

extension RuleTest {
    fileprivate func isImplied(by narrow: RuleTest) -> Bool {
        switch (self, narrow) {
        case (.isIn(let wide), .isIn(let values)): wide.isSuperset(of: values)
        case (.within(let wide), .within(let range)): wide.contains(range.lowerBound) && wide.contains(range.upperBound)
        default: self == narrow
        }
    }
}
