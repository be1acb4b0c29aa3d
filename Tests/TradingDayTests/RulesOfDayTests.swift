import OrderCore
import Testing

@testable import orderflow_bench

@Suite("The rules on the page of a day")
struct RulesOfDayTests {
    @Test("every rule that is switched on is told, also one that has decided nothing, in the order of the phases")
    func all() {
        var set = RuleSet(label: "v1")
        set.rules = [
            Rule("usual", .carrier), Rule("urgent", .backorder), Rule("high", .review), Rule("off", .review),
            Rule("area", .review),
        ]
        set.rules[3].isEnabled = false
        set.rules[4].priority = 5
        let told = RulesOfDay(set, ["high": (3, 4)]).lines.map { "\($0.name) \($0.orders) \($0.decisions)" }
        #expect(told == ["backorder: urgent 0 0", "review: area 0 0", "review: high 3 4", "carrier: usual 0 0"])
    }
}
