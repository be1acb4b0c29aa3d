public import OrderCore

/// An order beside the rules, with what they are to say of it.
public struct RuleExample: Hashable, Sendable {
    /// What it shows.
    public var name: String
    /// Where it stands.
    public var place: RulePlace
    /// The order, but for its buyer's earlier ones.
    var given: ExampleOrder
    /// What is expected; each is looked at by itself.
    var expectations: [Expectation]

    /// What rules are to say.
    struct Expectation: Hashable, Sendable {
        var place: RulePlace
        /// The phases whose rules are meant.
        var phases: [RulePhase]
        /// The names of all that match, in their order.
        var rules: [String]?
        /// What follows, in any order; details of holds and rejects are not compared.
        var actions: Set<RuleAction>?
    }

    /// Asks the rules, and tells each difference.
    public func differences(from book: RuleBook) -> [RuleFinding] {
        let subject = given.subject(histories: book.histories)
        return expectations.flatMap { expectation -> [RuleFinding] in
            let matched = expectation.phases.flatMap { book.matches($0, subject) }
            let phases = expectation.phases.count == 1 ? expectation.phases[0].rawValue + ": " : ""
            var texts: [String] = []
            let names = matched.map(\.name)
            if let rules = expectation.rules, rules != names {
                texts.append("\(phases)expected \(Self.list(rules)), matched: \(Self.list(names))")
            }
            if let expected = expectation.actions {
                let actual = Set(matched.flatMap(\.actions).map(\.withoutDetail))
                let missing = expected.subtracting(actual).map(\.words).sorted()
                let beyond = actual.subtracting(expected).map(\.words).sorted()
                if !missing.isEmpty { texts.append("\(phases)does not follow: \(missing.joined(separator: ", "))") }
                if !beyond.isEmpty { texts.append("\(phases)follows, too: \(beyond.joined(separator: ", "))") }
            }
            return texts.map { RuleFinding(.error, expectation.place, path: "examples[\(name)]", $0) }
        }
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "no rule" : names.joined(separator: ", ") }
}

extension RuleAction {
    /// Without what is said to people.
    var withoutDetail: RuleAction {
        switch self {
        case .reject: .reject(detail: "")
        case .hold(let reason, _): .hold(reason, detail: "")
        default: self
        }
    }

    /// What follows, for people.
    fileprivate var words: String { kind == .reject ? kind.rawValue : text }
}
