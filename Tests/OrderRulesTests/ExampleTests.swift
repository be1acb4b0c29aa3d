import OrderCore
import Testing

@testable import OrderRules

@Suite("Examples beside the rules")
struct ExampleTests {
    private static let rules = """
        zone: "+08:00"
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 5000}}, then: {hold: high_value}}
          - {name: first, phase: review, when: {buyer.orders: {days: 30, atMost: 0}}, then: {hold: first_order}}
          - name: gift
            phase: gift
            when: {sum: {of: amount, atLeast: 100}, time.weekday: sat}
            then: {gift: {sku: G}}
          - {name: heavy, phase: carrier, when: {part.weight: {above: 1000}}, then: {carrier: sf}}
          - {name: notice, phase: output, when: {event: order.paid}, then: {tell: crm}}

        """

    private func differences(_ examples: String) throws -> [String] {
        let reading = read(Self.rules, beside: ["x.yaml": "examples:\n" + examples])
        #expect(reading.findings == [])
        #expect(reading.set != nil)
        let trial = RuleTrial(reading)
        #expect(trial.count == reading.examples.count && trial.count > 0)
        return trial.differences.map(\.description)
    }

    @Test("an order gives the rules that match, and what they do")
    func passes() throws {
        let found = try differences(
            """
              - name: a high first order on a Saturday
                given:
                  channel: shop
                  at: 2026-11-21T02:00:00+08:00
                  lines: [{sku: A, quantity: 2, unitPriceMinor: 3000}]
                expect:
                  review: [first, high]
                  gift: {rules: gift, then: {gift: G}}
                  carrier: []
              - name: of a buyer whom we know
                phase: review
                given: {history: [{ago: {days: 3}}], amounts: {payableMinor: 5000}, buyer: {id: b-1}}
                expect: {rules: [high], then: {hold: high_value}}
              - name: over all phases
                given:
                  lines: [{sku: A, quantity: 2}]
                  history: [{ago: {days: 3}}]
                  products: {A: {weight: 600}}
                  part: {warehouse: WH1, quantities: {1: 2}}
                  event: order.paid
                expect: [heavy, notice]
            """)
        #expect(found == [])
    }

    @Test("each difference is told with the place of what was expected")
    func fails() throws {
        let found = try differences(
            """
              - name: wrong
                given: {amounts: {payableMinor: 5000}}
                expect:
                  review: [first]
                  gift: gift
                  carrier: {then: {carrier: yto}}
            """)
        #expect(
            found == [
                "x.yaml:5:15: error: examples[wrong]: review: expected first, matched: first, high",
                "x.yaml:6:13: error: examples[wrong]: gift: expected gift, matched: no rule",
                "x.yaml:7:16: error: examples[wrong]: carrier: does not follow: carrier yto",
            ])
        let beyond = try differences(
            """
              - {name: wrong, phase: review, given: {amounts: {payableMinor: 5000}}, expect: {then: {hold: first_order}}}
            """)
        #expect(beyond == ["x.yaml:2:82: error: examples[wrong]: review: follows, too: hold high_value"])
    }

    @Test("`rules` and `then` without a phase ask for it")
    func withoutPhase() {
        let example = "examples: [{name: a, given: {}, expect: {rules: [high]}}]"
        #expect(
            findings(Self.rules, beside: ["x.yaml": example]) == [
                "x.yaml:1:42: error: examples[a].expect.rules: "
                    + "`rules` is of one phase: give the example its `phase`"
            ])
    }

    @Test("mistakes in examples have their places, too")
    func mistakes() {
        let found = findings(
            Self.rules,
            beside: [
                "x.yaml": """
                examples:
                  - name: a
                    given: {lines: [{quantity: 1}], kinds: internal, stock: {A: many}}
                    expect: {reveiw: [high], carrier: [high], gift: [gifts]}
                  - {given: {}, expect: {}}
                """
            ])
        #expect(
            found == [
                "x.yaml:3:21: error: examples[a].given.lines[0]: a line says its `sku`",
                "x.yaml:3:37: error: examples[a].given.kinds: unknown key `kinds`; did you mean `kind`?",
                "x.yaml:3:65: error: examples[a].given.stock.A: expected a whole number, got \"many\"",
                "x.yaml:4:14: error: examples[a].expect.reveiw: unknown phase `reveiw`; did you mean `review`?",
                "x.yaml:4:40: error: examples[a].expect.carrier[0]: `high` is a rule of phase review",
                "x.yaml:4:54: error: examples[a].expect.gift[0]: unknown rule `gifts`; did you mean `gift`?",
                "x.yaml:5:5: error: examples[1]: the example has no `name`",
                "x.yaml:5:25: error: examples[1].expect: expected the rules that match, by phase",
            ])
    }
}
