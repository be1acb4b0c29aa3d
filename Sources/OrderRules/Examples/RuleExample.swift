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
    fileprivate var words: String {
        switch self {
        case .hold(let reason, _): "hold \(reason.rawValue)"
        case .gift(let gift): "gift of \(gift.quantity) \(gift.sku)"
        case .source(let source):
            "source "
                + source.steps.map { $0.warehouses.isEmpty ? "any" : $0.warehouses.joined(separator: "+") }
                .joined(separator: ", then ")
        case .backorder(let place): "rank \(place.rank)" + (place.smallerFirst ? ", smaller ones first" : "")
        case .split(let split): "split by " + split.criteria.map(\.rawValue).sorted().joined(separator: "+")
        case .merge(let seconds): "merge within \(seconds) s"
        case .carrier(let code): "carrier \(code)"
        case .tell(let receiver): "tell \(receiver)"
        case .leaveOut(let receiver): "leaveOut \(receiver)"
        case .redirect(let from, let to): "redirect \(from) to \(to)"
        case .wait(let timing, let seconds): "\(timing.rawValue) of \(seconds) s"
        case .reject, .approve: kind.rawValue
        }
    }
}
