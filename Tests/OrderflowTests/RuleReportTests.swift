import OrderCore
import OrderRules
import Testing

@testable import orderflow

@Suite("What is told of rules that change")
struct RuleReportTests {
    private static let change = RuleComparison.Change(
        phase: .review, rule: "high", effect: #"hold high_value: a "large" order, 大额"#, isNew: true)

    @Test("orders that change alike are one line, with three of them as examples, the most frequent first")
    func grouping() {
        var other = Self.change
        other.isNew = false
        var early = SimulationTally(keepsAll: false)
        early.add("shop/1", [])
        early.add("shop/2", [Self.change])
        early.add("shop/3", [Self.change, other])
        var late = SimulationTally(keepsAll: false)
        for number in ["shop/4", "shop/5"] { late.add(number, [Self.change]) }
        late.leftOut = 2
        early.add(late)
        #expect(early.orders == 4 && early.leftOut == 2)
        let rows = early.listing.rows.map { $0.map(\.table) }
        #expect(
            rows.map { [$0[0], $0[3], $0[5]] } == [
                ["4", "new", "shop/2, shop/3, shop/4"], ["1", "no more", "shop/3"],
            ])
    }

    @Test("in a CSV every value is quoted, and quotes are doubled")
    func quoting() {
        var tally = SimulationTally(keepsAll: true)
        tally.add("shop/1", [Self.change])
        #expect(
            tally.csv == "order,phase,rule,change,effect\r\n"
                + "\"shop/1\",\"review\",\"high\",\"new\",\"hold high_value: a \"\"large\"\" order, 大额\"\r\n")
    }

    @Test("lines are compared one by one, whatever ends them", arguments: ["\n", "\r\n"])
    func lines(_ end: String) {
        let old = RuleFiles(texts: ["a.yaml": ["rules:", "  one", "  two", ""].joined(separator: end)])
        let new = RuleFiles(texts: ["a.yaml": ["rules:", "  one", "  three", ""].joined(separator: end)])
        #expect(RuleDifference.files(old, new) == ["", "a.yaml", "-3:   two", "+3:   three"])
    }

    @Test("what is other beside the rules is told with them")
    func besideRules() {
        let old = RuleSet(label: "v1")
        var new = RuleSet(label: "v2")
        new.lists = ["areas": RuleList(["西藏"])]
        var newer = new
        newer.lists = ["areas": RuleList(["西藏", "新疆"])]
        #expect(RuleDifference.besideRules(old, new) == ["+ list areas"])
        #expect(RuleDifference.besideRules(new, newer) == ["~ list areas (1 entry came)"])
        #expect(RuleDifference.besideRules(new, old) == ["- list areas"])
    }
}
