import OrderCore
import Testing

@testable import OrderRules

@Suite("Mistakes in rule files")
struct FindingTests {
    @Test("all mistakes are found in one go, each with its place and what was meant")
    func all() {
        let found = findings(
            """
            zones: "+08:00"
            rules:
              - name: a
                phase: reveiw
                then: {hold: high_value}
              - name: b
                phase: review
                when:
                  reciever.city: 北京市
                  amounts.payable: {atLest: 5}
                  not: {lines.quantity: many}
                then: {hold: hihg_value}
            """)
        #expect(
            found == [
                "a.yaml:1:1: error: zones: unknown key `zones`; did you mean `zone`?",
                "a.yaml:4:12: error: rules[a].phase: unknown phase `reveiw`; did you mean `review`?",
                "a.yaml:9:7: error: rules[b].when.reciever.city: unknown field `reciever.city`; "
                    + "did you mean `receiver.city`?",
                "a.yaml:10:25: error: rules[b].when.amounts.payable.atLest: unknown operator `atLest`; "
                    + "did you mean `atLeast`?",
                "a.yaml:11:29: error: rules[b].when.not.lines.quantity: expected a whole number, got \"many\"",
                "a.yaml:12:18: error: rules[b].then.hold: unknown reason `hihg_value`; did you mean `high_value`?",
            ])
    }

    @Test(
        "a condition that can't be meant is told, with its place",
        arguments: [
            (
                "receiver.city: {atLeast: 5}", 26,
                "`receiver.city` is a text: it can't be tested with `atLeast`, but with"
            ),
            ("payment.term: onlin", 24, "unknown value of `payment.term`: `onlin`; did you mean `online`?"),
            ("payment.term: {contains: on}", 25, "`payment.term` is one of a few words: it can't be tested with"),
            ("amounts.payable: \"5\"", 27, "expected an amount in minor units, a whole number, got \"5\""),
            ("amounts.payable: 5.5", 27, "got \"5.5\"; no fractions"),
            ("amounts.payable: {between: [9, 5]}", 37, "the bounds are swapped: [5, 9] is meant?"),
            ("amounts.payable: {between: 9}", 37, "expected a list of two bounds, got \"9\""),
            ("amounts.payable: {atLeast: 9, below: 9}", 27, "nothing is within these bounds"),
            ("amounts.payable: 9999999999999999", 27, "at most 1000000000000000, got 9999999999999999"),
            ("amounts.payable: {}", 27, "expected an operator, one of"),
            ("time.ofDay: 08:30", 10, "`time.ofDay` is a time of day: it can't be tested with `is`"),
            ("time.ofDay: {atLeast: 8.30}", 32, "expected a time of day, as \"08:30\", got \"8.30\""),
            (
                "time.ofDay: {between: [\"24:30\", \"06:00\"]}", 33,
                "expected a time of day, as \"08:30\", got \"24:30\""
            ),
            ("time.ofDay: {between: [\"06:00\", \"06:00\"]}", 32, "from 06:00 to before 06:00 there is no time"),
            ("time.weekday: [sat, sunday]", 30, "unknown value of `time.weekday`: `sunday`; there are: `mon`"),
            ("remark:", 17, "expected a text, got nothing"),
            ("remark: {exists: yes}", 27, "expected true or false, got \"yes\""),
            ("currency: RMB", 20, "`RMB` is no currency of ISO 4217, as CNY"),
            ("event: order.paid", 10, "`event` is not known in phase review: it is in output"),
            ("part.weight: 5", 10, "`part.weight` is not known in phase review: it is in carrier, output"),
            ("sku: A", 10, "`sku` is a field of lines: it stands within anyLine, allLines, noLine or sum"),
            ("anyLine: {receiver.city: A}", 20, "`receiver.city` is of the order: it stands outside"),
            ("anyLine: {skuu: A}", 20, "unknown field `skuu`; did you mean `sku`?"),
            ("anyLine: {belowFloor: 1}", 32, "expected true or false, got \"1\""),
            ("any: []", 15, "an empty list of conditions"),
            ("not: {}", 15, "expected at least one condition"),
            ("all: shop", 15, "expected keys with values, got \"shop\""),
            ("channel: []", 19, "an empty list: nothing is in it"),
            ("channel: {inList: gone}", 28, "unknown list `gone`"),
            ("sum: {atLeast: 5}", 10, "a sum says `of` which field"),
            ("sum: {of: sku, atLeast: 5}", 20, "`sku` can't be summed; what can: quantity"),
            ("sum: {of: quantity}", 15, "expected an operator, one of"),
            ("buyer.orders: {atLeast: 5}", 10, "says within how many `days`, `hours` or `minutes`"),
            ("buyer.orders: {days: 0, atLeast: 5}", 24, "expected a duration that is not zero"),
            ("buyer.orders: {days: 30}", 24, "expected an operator, one of"),
            ("buyer.order: {days: 30, atLeast: 1}", 10, "did you mean `buyer.orders`?"),
        ])
    func conditions(_ text: String, _ column: Int, _ said: String) throws {
        let found = read(
            """
            rules:
              - name: r
                phase: review
                then: {approve: true}
                when:
                     \(text)
            """
        ).findings.filter { $0.severity == .error }
        let first = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(first.severity == .error && first.text.contains(said), "\(first)")
        #expect(first.place == RulePlace("a.yaml", line: 6, column: column), "\(first)")
    }

    @Test(
        "an action that can't be meant is told, with its place",
        arguments: [
            (.review, "reject: no", 5, "`reject` is no action of phase review: it is one of validate"),
            (.review, "aprove: true", 5, "unknown action `aprove`; did you mean `approve`?"),
            (.review, "approve: false", 14, "a rule approves, or it says nothing of it"),
            (.review, "hold: {detail: x}", 5, "a hold says its `reason`"),
            (.review, "hold: out_of_stock", 11, "a reason that the flow finds itself: no rule gives it"),
            (.review, "hold: rule_violated", 11, "a reason of validate rules alone"),
            (.review, "{}", 5, "expected at least one action"),
            (.gift, "gift: {quantity: 1}", 5, "a gift says its `sku`"),
            (.gift, "gift: {sku: G, quantity: 0}", 30, "expected a whole number of at least 1, got 0"),
            (.gift, "gift: {sku: G, each: {amount: 5, quantity: 5}}", 20, "a gift goes by each `amount`, or by each"),
            (.gift, "gift: {sku: G, each: {quantity: 5, where: {kind: internal}}}", 48, "is of the order"),
            (.gift, "gift: {sku: G, quantity: 3, most: 2}", 39, "less than is given at a time"),
            (.source, "source: {steps: []}", 21, "expected at least one step"),
            (.source, "source: {steps: [{warehouse: A}]}", 23, "did you mean `warehouses`?"),
            (.source, "source: {steps: [{warehouses: A}], forbid: A}", 48, "`A` is forbidden, and a step tries it"),
            (.source, "source: {steps: [{minimumValue: 5}]}", 23, "`minimumValue` is of partial steps"),
            (.source, "source: {wait: 3}", 20, "expected a duration, as {minutes: 30}, got \"3\""),
            (.split, "split: {by: [temprature]}", 18, "unknown criterion `temprature`; did you mean `temperature`?"),
            (.split, "split: {maximumWeight: 0}", 28, "expected grams of at least 1, got 0"),
            (.merge, "merge: {minutes: 0}", 12, "expected a duration that is not zero"),
            (.merge, "merge: {minute: 5}", 13, "unknown unit `minute`; did you mean `minutes`?"),
            (.output, "tell: [wms.north]", 12, "`wms.north` can't be a receiver"),
            (.output, "redirect: {crm: cr.m}", 21, "`cr.m` can't be a receiver"),
            (.timing, "wait: {paymentTimeOut: {minutes: 5}}", 12, "did you mean `paymentTimeout`?"),
            (.timing, "wait: {paymentTimeout: {minutes: 0}}", 28, "expected a duration that is not zero"),
            (
                .timing, "wait: {paymentTimeout: {minutes: -5}}", 38,
                "expected a number of minutes of at least 0, got -5"
            ),
        ] as [(RulePhase, String, Int, String)])
    func actions(_ phase: RulePhase, _ text: String, _ column: Int, _ said: String) throws {
        let found = read("rules:\n- name: r\n  phase: \(phase)\n  then:\n    \(text)").findings
        let first = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        #expect(first.severity == .error && first.text.contains(said), "\(first)")
        #expect(first.place == RulePlace("a.yaml", line: 5, column: column), "\(first)")
    }

    @Test(
        "what can be promised is asked only where it is looked at",
        arguments: ["anyLine: {stock.available: {below: 5}}", "sum: {of: stock.available, below: 5}"])
    func stock(_ condition: String) {
        for phase in RulePhase.allCases where [.carrier, .merge, .output, .timing].contains(phase) {
            let found = read("rules: [{name: r, phase: \(phase), when: {\(condition)}}]").findings.map(\.text)
            #expect(found.contains { $0.hasPrefix("`stock.available` is not known in phase \(phase)") }, "\(found)")
        }
    }

    @Test("a rule without name, phase or action is told, and so is a period that never comes")
    func rules() {
        #expect(
            findings("rules: [{phase: review, then: {approve: true}}, {name: b}, 5]") == [
                "a.yaml:1:9: error: rules[0]: the rule has no `name`",
                "a.yaml:1:49: error: rules[b]: the rule has no `phase`",
                "a.yaml:1:49: error: rules[b]: the rule has no `then`",
                "a.yaml:1:60: error: rules[2]: expected keys with values, got \"5\"",
            ])
        #expect(
            findings(
                """
                rules:
                  - name: r
                    phase: review
                    from: 2026-12-01T00:00:00Z
                    until: 2026-11-01T00:00:00Z
                    priority: high
                    then: {approve: true}
                  - {name: s, phase: review, from: 2026-12-01, then: {approve: true}}
                """)
                == [
                    "a.yaml:5:12: error: rules[r].until: `until` is not after `from`: the rule never holds",
                    "a.yaml:6:15: error: rules[r].priority: expected a whole number, got \"high\"",
                    "a.yaml:8:36: error: rules[s].from: "
                        + "expected a moment with its zone, as 2026-11-01T00:00:00+08:00, got \"2026-12-01\"",
                ])
    }

    @Test("names of rules and lists are given once over all files, and the zone is")
    func twice() {
        let text = """
            zone: "+08:00"
            lists: {l: [A]}
            rules: [{name: r, phase: carrier, when: {channel: {inList: l}}, then: {carrier: sf}}]
            """
        #expect(
            findings(text, beside: ["b.yaml": text]).filter { $0.contains("error") } == [
                "b.yaml:1:1: error: zone: `zone` is given once for all files: a.yaml:1:1",
                "b.yaml:2:9: error: lists.l: the list `l` is there already: a.yaml:2:9",
                "b.yaml:3:16: error: rules[r].name: the rule `r` is there already: a.yaml:3:16",
            ])
    }

    @Test("lists: what is missing is an error, what is unused or empty a warning")
    func lists() {
        let found = findings(
            """
            lists:
              unused: [A]
              nothing: []
              both: {entries: [], file: x.txt}
              gone: {file: peple.txt}
            rules:
              - name: r
                phase: review
                when: {channel: {inList: nothing}, buyer.id: {inList: nothin}}
                then: {approve: true}
            """, beside: ["people.txt": "a"])
        #expect(
            found == [
                "a.yaml:2:3: warning: lists.unused: no rule uses the list `unused`",
                "a.yaml:3:3: warning: lists.nothing: the list `nothing` has nothing in it",
                "a.yaml:4:3: error: lists.both: a list has either `entries` or a `file`",
                "a.yaml:5:16: error: lists.gone.file: unknown file `peple.txt`; did you mean `people.txt`? "
                    + "(a *.txt beside the rules)",
                "a.yaml:9:59: error: rules[r].when.buyer.id.inList: unknown list `nothin`; did you mean `nothing`?",
            ])
    }

    @Test("the clock of no zone is warned of, once")
    func zone() {
        let text = """
            rules:
              - {name: a, phase: review, when: {time.weekday: sat}, then: {hold: manual}}
              - {name: b, phase: review, when: {time.ofDay: {below: "06:00"}}, then: {hold: manual}}
            """
        #expect(
            findings(text) == [
                "a.yaml:2:37: warning: rules[a].when.time.weekday: "
                    + "no file has a `zone`: times of day and days of the week are those of UTC"
            ])
        #expect(findings(text, beside: ["b.yaml": "zone: Z"]) == [])
        #expect(read(text, beside: ["b.yaml": "zone: \"-05:30\""]).set?.zoneSeconds == -19_800)
        #expect(findings("zone: Shanghai").map { $0.prefix(20) } == ["a.yaml:1:7: error: z"])
    }

    @Test("what is no YAML, and a key given twice, have their places")
    func syntax() {
        #expect(
            findings("rules:\n  - name: [r\n    phase: x", beside: ["b.yaml": "zoned: 1"]).map {
                $0.split(separator: ": ").prefix(3).joined(separator: ": ")
            } == ["a.yaml:3:10: error: not YAML", "b.yaml:1:1: error: zoned"])
        #expect(
            findings("rules:\n  - name: r\n    phase: review\n    name: s\n") == [
                "a.yaml:4:5: error: `name` is given twice"
            ])
        #expect(
            findings("rules:\r\n  - name: r\r\n    phase: review\r\n    name: s\r\n") == [
                "a.yaml:4:5: error: `name` is given twice"
            ])
        #expect(findings("- a") == ["a.yaml:1:1: error: expected keys with values, got a list"])
    }

    @Test("conditions within each other have a bound")
    func nesting() {
        let deep = String(repeating: "not: {", count: 40) + "channel: a" + String(repeating: "}", count: 40)
        let found = findings("rules: [{name: r, phase: review, when: {\(deep)}, then: {approve: true}}]")
        #expect(found.count == 1 && found[0].contains("more than 32 conditions within each other"), "\(found)")
    }

    @Test("aliases that multiply beyond measure are refused")
    func aliases() {
        let doublings = (1...14).map { level in
            let below = "*l\(level - 1)"
            return "  l\(level): &l\(level) {all: [\(below), \(below), \(below), \(below)]}\n"
        }.joined()
        let found = findings(
            "lists:\n  l0: &l0 {channel: a}\n\(doublings)rules: [{name: r, phase: review, when: *l14, then: {approve: true}}]"
        )
        #expect(found.contains { $0.contains("aliases multiply what they stand for") }, "\(found.suffix(3))")
    }

    @Test("codes of warehouses and carriers are checked where they are known")
    func codes() {
        let text = """
            rules:
              - {name: a, phase: source, then: {source: {steps: [{warehouses: [WH1, WH2]}], forbid: [WH3]}}}
              - {name: b, phase: carrier, when: {warehouse: WH9}, then: {carrier: sff}}
            """
        #expect(findings(text) == [])
        #expect(
            findings(text, known: KnownCodes(warehouses: ["WH1"], carriers: ["sf"])) == [
                "a.yaml:2:73: error: rules[a].then.source.steps[0].warehouses[1]: "
                    + "unknown warehouse `WH2`; did you mean `WH1`?",
                "a.yaml:2:90: error: rules[a].then.source.forbid[0]: unknown warehouse `WH3`; did you mean `WH1`?",
                "a.yaml:3:49: error: rules[b].when.warehouse: unknown warehouse `WH9`; did you mean `WH1`?",
                "a.yaml:3:71: error: rules[b].then.carrier: unknown carrier `sff`; did you mean `sf`?",
            ])
    }

    @Test("a set with a mistake is not there at all, and one with warnings is")
    func whole() {
        let wrong = read("rules: [{name: a, phase: review, then: {approve: true}}, {name: b}]")
        #expect(wrong.set == nil && wrong.hasErrors)
        let doubtful = read("lists: {l: []}")
        #expect(doubtful.set != nil && !doubtful.hasErrors && doubtful.findings.count == 2)
    }
}
