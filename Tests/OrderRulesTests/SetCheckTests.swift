import OrderCore
import Testing

@testable import OrderRules

@Suite("Rules that stand in each other's way")
struct SetCheckTests {
    /// What is warned of rules that are written as `name: condition → action`.
    private func warnings(_ phase: RulePhase, _ rules: [(String, String)]) -> [String] {
        let lines = zip("abcdef", rules).map { name, rule in
            "  - {name: \(name), phase: \(phase), when: {\(rule.0)}, then: {\(rule.1)}}".replacing(
                " when: {},", with: "")
        }
        let found = read("rules:\n" + lines.joined(separator: "\n")).findings
        #expect(!found.contains { $0.severity == .error }, "\(found)")
        return found.map(\.text)
    }

    @Test("a rule after one that always matches and ends the phase is never reached")
    func always() {
        let found = warnings(.carrier, [("", "carrier: sf"), ("receiver.city: A", "carrier: yto")])
        #expect(
            found == [
                "is never reached: `a` (a.yaml:2:12) matches whenever it would, is asked before, and ends the phase"
            ])
    }

    @Test(
        "a wider condition before it keeps a rule from being reached",
        arguments: [
            ("receiver.city: [A, B]", "receiver.city: A", true),
            ("receiver.city: A", "receiver.city: [A, B]", false),
            ("amounts.payable: {atLeast: 5}", "amounts.payable: {between: [7, 9]}", true),
            ("amounts.payable: {atLeast: 8}", "amounts.payable: {between: [7, 9]}", false),
            ("receiver.city: A", "receiver.city: A, remark: {exists: true}", true),
            ("receiver.city: A, remark: {exists: true}", "receiver.city: A", false),
            ("any: {receiver.city: A, remark: {exists: true}}", "remark: {exists: true}", true),
            ("receiver.city: [A, B]", "any: [{receiver.city: A}, {receiver.city: B}]", true),
            ("anyLine: {sku: [A, B]}", "anyLine: {sku: A}", true),
            ("noLine: {sku: [A, B]}", "noLine: {sku: A}", false),
            ("not: {receiver.city: A}", "not: {receiver.city: A}", true),
        ])
    func wider(_ first: String, _ second: String, _ isReached: Bool) {
        let found = warnings(.merge, [(first, "merge: {hours: 1}"), (second, "merge: {hours: 2}")])
        #expect(found.contains { $0.hasPrefix("is never reached: `a`") } == isReached, "\(found)")
    }

    @Test("rules of other channels or times, switched off, or before do not stand in the way")
    func apart() {
        let found = read(
            """
            rules:
              - {name: a, phase: carrier, channels: [shop], then: {carrier: sf}}
              - {name: b, phase: carrier, channels: [outlet], then: {carrier: sf}}
              - {name: c, phase: carrier, until: 2026-11-01T00:00:00Z, then: {carrier: sf}}
              - {name: d, phase: carrier, enabled: false, then: {carrier: sf}}
              - {name: e, phase: carrier, then: {carrier: sf}}
              - {name: f, phase: carrier, when: {receiver.city: A}, priority: 1, then: {carrier: sf}}
            """)
        #expect(found.findings == [])
    }

    @Test("where all rules count, only one that stops or approves ends the phase")
    func allMatch() {
        #expect(warnings(.review, [("", "hold: manual"), ("", "hold: high_value")]) == [])
        #expect(
            warnings(.review, [("", "approve: true"), ("kind: internal", "hold: manual")]).map { $0.prefix(26) }
                == ["is never reached: `a` (a.y"])
    }

    @Test(
        "the same condition with an opposite answer is a contradiction",
        arguments: [
            (.review, "hold: manual", "approve: true"), (.carrier, "carrier: sf", "carrier: yto"),
            (.output, "tell: crm", "leaveOut: crm"), (.output, "redirect: {partner: x}", "redirect: {partner: y}"),
            (.timing, "wait: {reviewWindow: {days: 1}}", "wait: {reviewWindow: {days: 2}}"),
            (.validate, "reject: no", "hold: {detail: no}"),
        ] as [(RulePhase, String, String)])
    func contradictions(_ phase: RulePhase, _ one: String, _ other: String) {
        #expect(
            warnings(phase, [("channel: shop", one), ("channel: shop", other)])
                == ["contradicts `a` (a.yaml:2:12): the same condition, another answer"])
        #expect(warnings(phase, [("channel: shop", one), ("channel: outlet", other)]) == [])
    }

    @Test("a rule whose times all stand in earlier ones that match whenever it does never counts")
    func times() {
        let wait = "wait: {paymentTimeout: {minutes: 45}}"
        let never = ["never counts: before it `a` (a.yaml:2:12) says all of its times, whenever it would match"]
        #expect(warnings(.timing, [("", wait), ("channel: app", "wait: {paymentTimeout: {hours: 1}}")]) == never)
        #expect(warnings(.timing, [("channel: app", wait), ("", "wait: {paymentTimeout: {hours: 1}}")]) == [])
        let both = "wait: {paymentTimeout: {hours: 1}, reviewWindow: {days: 1}}"
        #expect(warnings(.timing, [("", wait), ("channel: app", both)]) == [])
        let found = warnings(
            .timing, [("", wait), ("channel: [app, shop]", "wait: {reviewWindow: {days: 2}}"), ("channel: app", both)])
        #expect(found.count == 1 && found[0].contains("`a` (a.yaml:2:12), `b` (a.yaml:3:12)"), "\(found)")
    }

    @Test(
        "a rule that nothing matches is told, with the field",
        arguments: [
            ("kind: external, channel: shop", "kind"), ("all: [{channel: a}, {channel: b}]", "channel"),
            ("channel: a, partner: b", "kind"), ("remark: {contains: x}, not: {remark: {exists: true}}", "remark"),
            ("all: [{amounts.payable: {atLeast: 9}}, {amounts.payable: {below: 9}}]", "amounts.payable"),
            ("amounts.payable: {atLeast: 9, not: 3}, not: {amounts.payable: {above: 5}}", "amounts.payable"),
            ("receiver.city: {in: [A, B], notIn: [B, A]}", "receiver.city"),
            ("receiver.city: {in: [A, B], matches: \"C*\"}", "receiver.city"),
            ("channel: a, any: [{channel: b}, {all: [{kind: external}]}]", "channel"),
            ("anyLine: {sku: A, not: {sku: {in: [A, B]}}}", "sku"),
            ("all: [{buyer.orders: {days: 3, above: 3}}, {buyer.orders: {days: 3, below: 2}}]", "buyer.orders"),
            ("currency: CNY, not: {any: {currency: [CNY, USD]}}", "currency"),
        ])
    func never(_ condition: String, _ field: String) {
        #expect(
            warnings(.review, [(condition, "hold: manual")])
                == ["never matches: nothing passes all that is asked of `\(field)`"])
    }

    @Test(
        "what may match is not told",
        arguments: [
            "channel: {not: shop}, kind: external", "any: [{channel: a}, {partner: b}]",
            "all: [{amounts.payable: {atLeast: 9}}, {amounts.payable: {atMost: 9}}]",
            "not: {channel: {exists: true}}, kind: external", "remark: {exists: false}",
            "all: [{anyLine: {sku: A}}, {anyLine: {sku: B}}]", "noLine: {sku: A, not: {sku: A}}",
            "receiver.city: {in: [A, B], matches: \"a*\"}",
            "all: [{buyer.orders: {days: 3, above: 3}}, {buyer.orders: {days: 1, below: 2}}]",
            "channel: a, any: [{channel: b}, {kind: internal}]",
        ])
    func may(_ condition: String) {
        #expect(warnings(.review, [(condition, "hold: manual")]) == [])
    }

    @Test("no event looks like a mistyped pattern, and of alerts no rule is asked")
    func noEvent() {
        let never = ["never matches: nothing passes all that is asked of `event`"]
        #expect(warnings(.output, [("event: {matches: \"fulfillment.*\"}", "tell: crm")]) == never)
        #expect(
            warnings(.output, [("event: [order.paid, hold.opened]", "tell: crm")])
                == ["no rule is asked of `hold.opened`: alerts and `stock.changed` go their own way"])
        #expect(warnings(.output, [("event: {matches: \"fulfilment.*\"}", "tell: crm")]) == [])
    }

    @Test("lists count by their entries: a value that an earlier list has is never reached")
    func lists() {
        let found = findings(
            """
            lists: {far: [A, B]}
            rules:
              - {name: a, phase: carrier, when: {receiver.city: {inList: far}}, then: {carrier: sf}}
              - {name: b, phase: carrier, when: {receiver.city: B}, then: {carrier: yto}}
            """)
        #expect(found.count == 1 && found[0].contains("is never reached: `a`"), "\(found)")
    }

    @Test("a rule whose time is over is told where the time is known")
    func over() {
        let text = "rules: [{name: r, phase: carrier, until: 2026-11-01T00:00:00Z, then: {carrier: sf}}]"
        let files = RuleFiles(texts: ["a.yaml": text])
        let end: Int64 = 1_793_491_200
        let found = [-1, 0].map { seconds in
            RuleReading(files, now: Timestamp(microseconds: (end + seconds) * 1_000_000)).findings.map(\.text)
        }
        #expect(found == [[], ["`until` is over: the rule is asked no more"]])
        #expect(RuleReading(files).findings == [])
    }

    @Test(
        "who has to act always hears of it: warehouses, production, finance, gateways, and who delivers virtual goods",
        arguments: [
            ("", "leaveOut: wms", "`wms` always hears of `fulfilment.requested`"),
            ("event: fulfilment.requested", "leaveOut: [erp, wms]", "`wms` always hears of `fulfilment.requested`"),
            ("event: {matches: \"fulfilment.*\"}", "redirect: {wms: erp}", "`wms` always hears of"),
            ("not: {event: order.paid}", "leaveOut: finance", "`finance` always hears of `payment.recorded`"),
            ("event: [order.paid, order.shipped]", "leaveOut: finance", "`finance` always hears of `order.paid`"),
            ("kind: external", "redirect: {finance: erp}", "`finance` always hears of"),
            ("", "leaveOut: payments", "`payments` always hears of"),
            ("", "leaveOut: storefront", "`storefront` always hears of `virtual.delivered`"),
            ("event: production.requested", "leaveOut: erp", "`erp` always hears of `production.requested`"),
            ("event: refund.requested", "redirect: {payments: x}", "`payments` always hears of `refund.requested`"),
        ])
    func kept(_ condition: String, _ action: String, _ said: String) {
        let found = read(
            "rules: [{name: r, phase: output, when: {\(condition)}, then: {\(action)}}]".replacing(
                " when: {},", with: "")
        ).findings
        #expect(found.count == 1 && found[0].severity == .error && found[0].text.hasPrefix(said), "\(found)")
    }

    @Test(
        "others may be left out, and warehouses and finance take turns",
        arguments: [
            ("event: order.shipped", "leaveOut: finance"),
            ("event: fulfilment.requested", "redirect: {wms: wms-north}"),
            ("", "redirect: {finance: finance-eu}, leaveOut: partner"),
            ("event: order.shipped", "leaveOut: [storefront, partner]"),
            ("event: {contains: \"order.s\"}", "leaveOut: finance"),
            ("event: payment.failed", "leaveOut: finance"),
            ("event: order.paid", "leaveOut: payments"),
        ])
    func free(_ condition: String, _ action: String) {
        let found = read(
            "rules: [{name: r, phase: output, when: {\(condition)}, then: {\(action)}}]".replacing(
                " when: {},", with: "")
        ).findings
        #expect(found == [])
    }

    @Test("an event that is never told is a mistake")
    func events() {
        #expect(
            findings("rules: [{name: r, phase: output, when: {event: order.payed}, then: {tell: crm}}]") == [
                "a.yaml:1:48: error: rules[r].when.event: unknown event `order.payed`; did you mean `order.paid`?"
            ])
    }
}
