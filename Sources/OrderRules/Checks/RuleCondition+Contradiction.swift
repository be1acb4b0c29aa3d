internal import OrderCore

// Conditions that nothing meets: tests of one field that exclude each other. Certain where it is said, and not seen everywhere.
extension RuleCondition {
    /// The field that has no value with which all of it holds; nil where it may hold, as far as can be seen.
    var contradiction: String? { Self.contradiction(in: [self]) }

    private static func contradiction(in parts: [RuleCondition]) -> String? {
        var together = Together()
        for part in parts { together.take(part, isWanted: true) }
        for (subject, tests) in together.tests where !tests.canPass(subject) { return subject.name }
        for part in together.lines {
            if let name = part.contradiction { return name }
        }
        // Each branch fails beside what must hold anyway.
        for branches in together.branches {
            let found = branches.map { contradiction(in: together.plain + [$0]) }
            if !found.contains(nil) { return found.compactMap { $0 }.first ?? "any" }
        }
        return nil
    }
}

/// What must hold together.
private struct Together {
    var tests: [Subject: Tests] = [:]
    /// What one line must meet.
    var lines: [RuleCondition] = []
    /// Of each, one must hold.
    var branches: [[RuleCondition]] = []
    /// All but the branches.
    var plain: [RuleCondition] = []

    mutating func take(_ condition: RuleCondition, isWanted: Bool) {
        switch condition {
        case .not(let part): return take(part, isWanted: !isWanted)
        case .all(let parts) where isWanted, .any(let parts) where !isWanted:
            for part in parts { take(part, isWanted: isWanted) }
            return
        case .any(let parts): return branches.append(parts)
        case .all(let parts): return branches.append(parts.map { .not($0) })
        case .lines(.any, let part) where isWanted, .lines(.no, let part) where !isWanted: lines.append(part)
        case .lines: break
        case .order(let field, let test):
            add(.order(field), test, isWanted)
            if isWanted, test != .exists(false) { imply(field) }
        case .line(let field, let test): add(.line(field), test, isWanted)
        case .sum(let field, let part, let test): add(.sum(field, part), test, isWanted)
        case .history(let history, let test): add(.history(history), test, isWanted)
        }
        plain.append(isWanted ? condition : .not(condition))
    }

    private mutating func add(_ subject: Subject, _ test: RuleTest, _ isWanted: Bool) {
        switch (test, isWanted) {
        case (.exists(let there), false): tests[subject, default: Tests()].wanted.append(.exists(!there))
        case (_, true): tests[subject, default: Tests()].wanted.append(test)
        case (_, false): tests[subject, default: Tests()].unwanted.append(test)
        }
    }

    /// An order has a channel or a partner, by its kind.
    private mutating func imply(_ field: OrderField) {
        switch field {
        case .channel: add(.order(.kind), .isIn([OrderKind.internal.rawValue]), true)
        case .partner: add(.order(.kind), .isIn([OrderKind.external.rawValue]), true)
        default: break
        }
    }
}

/// What is tested.
private enum Subject: Hashable {
    case order(OrderField)
    case line(LineField)
    case sum(LineField, RuleCondition)
    case history(BuyerHistory)

    var name: String {
        switch self {
        case .order(let field): field.rawValue
        case .line(let field): field.rawValue
        case .sum: SumKey.name
        case .history(let history): (history.hasSameGoods ? HistoryKey.sameOrder : .orders).rawValue
        }
    }

    /// All that it can be, where these are known.
    var words: Set<String>? {
        let kind: RuleFieldKind
        switch self {
        case .order(.event): return Set(EventPayload.ruledNames)
        case .order(let field): kind = field.kind
        case .line(let field): kind = field.kind
        case .sum, .history: return nil
        }
        if case .word(let words) = kind { return Set(words) }
        return nil
    }
}

/// What a field must pass, and what it must not.
private struct Tests {
    var wanted: [RuleTest] = []
    var unwanted: [RuleTest] = []

    func canPass(_ subject: Subject) -> Bool {
        // A field that is not there passes no test, and so fails whatever it must not pass.
        guard !wanted.isEmpty else { return true }
        if wanted.contains(.exists(false)) { return wanted.allSatisfy { $0 == .exists(false) } }
        return hasNumber && hasText(of: subject.words)
    }

    private var hasNumber: Bool {
        var (lower, upper) = (Int64.min, Int64.max)
        for case .within(let range) in wanted {
            (lower, upper) = (max(lower, range.lowerBound), min(upper, range.upperBound))
        }
        guard lower <= upper else { return false }
        return !unwanted.contains { test in
            if case .within(let range) = test { range.contains(lower) && range.contains(upper) } else { false }
        }
    }

    private func hasText(of words: Set<String>?) -> Bool {
        var named: Set<String>?
        for case .isIn(let values) in wanted { named = named?.intersection(values) ?? values }
        guard let left = named ?? words else { return true }
        return left.contains { text in
            wanted.allSatisfy { $0.passes(text) } && !unwanted.contains { $0.isText && $0.passes(text) }
        }
    }
}

extension RuleTest {
    fileprivate var isText: Bool {
        switch self {
        case .isIn, .contains, .matches: true
        case .isInList, .within, .during, .exists: false
        }
    }

    /// Whether a text may pass; what is no test of texts says nothing.
    fileprivate func passes(_ text: String) -> Bool {
        switch self {
        case .isIn(let values): values.contains(text)
        case .contains(let part): RuleText.contains(text, part)
        case .matches(let pattern): RuleText.matches(text, pattern)
        case .isInList, .within, .during, .exists: true
        }
    }
}
