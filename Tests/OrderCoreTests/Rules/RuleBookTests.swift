import Testing

@testable import OrderCore

@Suite("Rules made ready")
struct RuleBookTests {
    @Test("a rule book gives what its rules mean, for any rules and any order", arguments: 0..<8)
    func agreesWithItsMeaning(_ part: UInt64) {
        var matched = 0
        for seed in (part * 300)..<(part * 300 + 300) {
            var dice = RuleDice(seed: seed)
            let set = dice.set()
            let book = RuleBook(set)
            let meaning = RuleReference(set: set)
            for _ in 0..<12 {
                let subject = dice.subject()
                for phase in RulePhase.allCases {
                    let names = book.matches(phase, subject).map(\.name)
                    let expected = meaning.matches(phase, subject)
                    matched += names.count
                    guard names == expected else {
                        Issue.record("seed \(seed), phase \(phase): \(names) rather than \(expected)")
                        return
                    }
                }
            }
        }
        #expect(matched > 1_000, "the dice give rules that match")
    }

    @Test("a rule that stops, and one that approves, are the last of their phase")
    func stops() {
        var set = RuleSet(label: "test")
        for (name, actions) in [("a", []), ("b", [RuleAction.approve]), ("c", [])] {
            var rule = Rule(name, .review)
            rule.actions = actions
            set.rules.append(rule)
        }
        var dice = RuleDice(seed: 1)
        let subject = dice.subject()
        #expect(RuleBook(set).matches(.review, subject).map(\.name) == ["a", "b"])
        set.rules[0].stops = true
        #expect(RuleBook(set).matches(.review, subject).map(\.name) == ["a"])
    }

    @Test("of a phase in which the first match counts there is one at most")
    func firstMatch() {
        var set = RuleSet(label: "test")
        set.rules = [Rule("b", .carrier), Rule("a", .carrier)]
        var dice = RuleDice(seed: 1)
        #expect(RuleBook(set).matches(.carrier, dice.subject()).map(\.name) == ["a"])
    }
}
