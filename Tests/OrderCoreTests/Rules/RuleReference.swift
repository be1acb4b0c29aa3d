@testable import OrderCore

/// What rules mean, read off their trees: slow, and with no cleverness that could be wrong.
struct RuleReference {
    let set: RuleSet

    func matches(_ phase: RulePhase, _ subject: RuleSubject) -> [String] {
        var found: [String] = []
        let asked = set.rules.filter { $0.phase == phase && $0.isEnabled }
            .sorted { $0.priority != $1.priority ? $0.priority < $1.priority : $0.name < $1.name }
        for rule in asked where matches(rule, subject) {
            found.append(rule.name)
            if phase.isFirstMatch || rule.stops || rule.actions.contains(.approve) { break }
        }
        return found
    }

    private func matches(_ rule: Rule, _ subject: RuleSubject) -> Bool {
        if let from = rule.validFrom, subject.now < from { return false }
        if let until = rule.validUntil, subject.now >= until { return false }
        if !rule.sellers.isEmpty, !rule.sellers.contains(subject.order.seller) { return false }
        return holds(rule.condition, subject, nil)
    }

    private func holds(_ condition: RuleCondition, _ subject: RuleSubject, _ line: OrderLine?) -> Bool {
        switch condition {
        case .all(let parts):
            for part in parts where !holds(part, subject, line) { return false }
            return true
        case .any(let parts):
            for part in parts where holds(part, subject, line) { return true }
            return false
        case .not(let part): return !holds(part, subject, line)
        case .order(let field, let test):
            let zone = set.zoneSeconds
            return passes(
                test, field.kind.isNumeric ? nil : subject.text(field, zoneSeconds: zone),
                field.kind.isNumeric ? subject.number(field, zoneSeconds: zone) : nil)
        case .lines(.any, let part): return subject.lines.contains { holds(part, subject, $0) }
        case .lines(.all, let part): return !subject.lines.contains { !holds(part, subject, $0) }
        case .lines(.no, let part): return !subject.lines.contains { holds(part, subject, $0) }
        case .line(let field, let test):
            guard let line else { return false }
            return passes(
                test, field.kind.isNumeric ? nil : subject.text(field, of: line),
                field.kind.isNumeric ? subject.number(field, of: line) : nil)
        case .sum(let field, let part, let test):
            let counted = subject.lines.filter { holds(part, subject, $0) }
            return passes(test, nil, counted.reduce(0) { $0 + (subject.number(field, of: $1) ?? 0) })
        case .history(let history, let test): return passes(test, nil, subject.history[history])
        }
    }

    private func passes(_ test: RuleTest, _ text: String?, _ number: Int64?) -> Bool {
        switch test {
        case .isIn(let values): text.map(values.contains) ?? false
        case .isInList(let name): text.map { set.lists[name]?.entries.contains($0) ?? false } ?? false
        case .within(let range): number.map(range.contains) ?? false
        case .during(let from, let until):
            number.map { from <= until ? (from..<until).contains($0) : !(until..<from).contains($0) } ?? false
        case .contains(let part): text.map { $0.lowercased().contains(part.lowercased()) } ?? false
        case .matches(let pattern): text.map { Self.glob(Array($0.lowercased()), Array(pattern.lowercased())) } ?? false
        case .exists(let wanted): (number != nil || text?.isEmpty == false) == wanted
        }
    }

    private static func glob(_ text: [Character], _ pattern: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "*" { return (0...text.count).contains { glob(Array(text.dropFirst($0)), rest) } }
        guard let letter = text.first, first == "?" || first == letter else { return false }
        return glob(Array(text.dropFirst()), rest)
    }
}
