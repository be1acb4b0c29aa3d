import OrderCore
import Testing

@testable import OrderRules

@Suite("Rules and actions")
struct RuleTests {
    @Test("a rule is read whole")
    func whole() throws {
        let reading = read(
            """
            zone: "+08:00"
            rules:
              - name: high-value
                title: 大额订单
                phase: review
                priority: 10
                enabled: false
                from: 2026-11-01T00:00:00+08:00
                until: 2026-12-01T00:00:00+08:00
                channels: [shop]
                partners: tmall
                when: {amounts.payable: {atLeast: 500000}}
                then:
                  hold: {reason: high_value, detail: "over 5,000"}
                stop: true
            """)
        #expect(reading.findings == [])
        let set = try #require(reading.set)
        #expect(set.label == "files" && set.zoneSeconds == 28_800)
        var rule = Rule("high-value", .review)
        rule.title = "大额订单"
        rule.priority = 10
        rule.isEnabled = false
        rule.validFrom = Timestamp(microseconds: 1_793_462_400_000_000)
        rule.validUntil = Timestamp(microseconds: 1_796_054_400_000_000)
        rule.sellers = ["shop", "tmall"]
        rule.condition = .order(.payable, .within(500_000...Int64.max))
        rule.actions = [.hold(.highValue, detail: "over 5,000")]
        rule.stops = true
        #expect(set.rules == [rule])
    }

    @Test("rules and lists of several files are one set, and examples may stand in any")
    func files() throws {
        let reading = read(
            "rules: [{name: a, phase: carrier, when: {receiver.city: {inList: far}}, then: {carrier: sf}}]",
            beside: [
                "b.yaml": "lists: {far: [A]}\nrules: [{name: b, phase: carrier, then: {carrier: yto}}]",
                "c.yml": "# nothing yet",
            ])
        #expect(reading.findings == [])
        #expect(reading.set?.rules.map(\.name) == ["a", "b"])
        #expect(reading.set?.lists == ["far": RuleList(["A"])])
    }

    @Test("a list may be a text file of thousands of lines")
    func bigList() throws {
        let people = (0..<50_000).map { "person-\($0)\r\n" }.joined()
        let reading = read(
            """
            lists: {blocked: {title: 黑名单, file: blocked.txt}}
            rules: [{name: r, phase: review, when: {buyer.id: {inList: blocked}}, then: {hold: blocked_person}}]
            """, beside: ["blocked.txt": "\u{FEFF}# names\r\n\r\n" + people + "  the last "])
        #expect(reading.findings == [])
        let list = try #require(reading.set?.lists["blocked"])
        #expect(list.title == "黑名单" && list.entries.count == 50_001)
        #expect(list.entries.contains("person-49999") && list.entries.contains("the last"))
    }

    @Test("what validate and review rules do")
    func review() throws {
        #expect(try actions(.validate, "reject: not sold here") == [.reject(detail: "not sold here")])
        #expect(try actions(.validate, "reject: {detail: no}") == [.reject(detail: "no")])
        #expect(try actions(.validate, "hold: {detail: no}") == [.hold(.ruleViolated, detail: "no")])
        #expect(try actions(.review, "hold: high_value") == [.hold(.highValue, detail: "标题")])
        #expect(try actions(.review, "approve: true") == [.approve])
    }

    @Test("gifts: once, for each full step, at most so many")
    func gifts() throws {
        var gift = GiftAction(sku: "G")
        #expect(try actions(.gift, "gift: G") == [.gift(gift)])
        gift.quantity = 2
        gift.each = .amount(10_000)
        gift.most = 6
        gift.isOncePerBuyer = true
        #expect(
            try actions(.gift, "gift: {sku: G, quantity: 2, each: {amount: 10000}, most: 6, oncePerBuyer: true}")
                == [.gift(gift)])
        var each = GiftAction(sku: "G")
        each.each = .quantity(2, of: .line(.sku, .isIn(["A"])))
        #expect(try actions(.gift, "gift: {sku: G, each: {quantity: 2, where: {sku: A}}}") == [.gift(each)])
    }

    @Test("sourcing: steps in order, what is forbidden, how long it waits")
    func source() throws {
        var step = SourceAction.Step()
        step.warehouses = ["WH1", "WH2"]
        step.isPartial = true
        step.minimumValue = 3_000
        var source = SourceAction(steps: [step, SourceAction.Step()])
        source.forbidden = ["WH9"]
        source.waits = true
        source.givesUpAfter = 259_200
        let text = """
            source: {steps: [{warehouses: [WH1, WH2], partial: true, minimumValue: 3000}, {}], \
            forbid: [WH9], wait: {days: 3}}
            """
        #expect(try actions(.source, text) == [.source(source)])
        var forbidding = SourceAction(steps: [SourceAction.Step()])
        forbidding.forbidden = ["WH9"]
        #expect(try actions(.source, "source: {forbid: WH9}") == [.source(forbidding)])
    }

    @Test("a place among those that wait for stock: a rank, and whether smaller ones go first")
    func backorder() throws {
        #expect(try actions(.backorder, "backorder: 10") == [.backorder(BackorderAction(rank: 10))])
        var yielding = BackorderAction(rank: 0)
        yielding.smallerFirst = true
        #expect(try actions(.backorder, "backorder: {rank: 0, smallerFirst: true}") == [.backorder(yielding)])
    }

    @Test("split, merge and carrier")
    func parcels() throws {
        var split = SplitAction()
        split.criteria = [.temperature, .supplier]
        split.maximumWeight = 20_000
        split.maximumVolume = 30_000
        split.maximumValue = 100_000
        let text = """
            split: {by: [temperature, supplier], maximumWeight: 20000, maximumVolume: 30000, maximumValue: 100000}
            """
        #expect(try actions(.split, text) == [.split(split)])
        #expect(try actions(.merge, "merge: {minutes: 30}") == [.merge(windowSeconds: 1_800)])
        #expect(try actions(.carrier, "carrier: sf") == [.carrier("sf")])
    }

    @Test("who hears of it, and how long anything waits")
    func outputAndTiming() throws {
        #expect(
            try actions(.output, "tell: [crm, bi], leaveOut: partner, redirect: {wms: wms-north}") == [
                .tell(receiver: "crm"), .tell(receiver: "bi"), .leaveOut(receiver: "partner"),
                .redirect(from: "wms", to: "wms-north"),
            ])
        #expect(
            try actions(.timing, "wait: {paymentTimeout: {minutes: 45}, releaseDelay: {minutes: 0}}")
                == [.wait(.paymentTimeout, seconds: 2_700), .wait(.releaseDelay, seconds: 0)])
    }

    @Test("the reasons of holds that rules give can all be named in a review, but the one of validation")
    func reasons() throws {
        for reason in HoldReason.allCases where reason.isGivenByRules && reason != .ruleViolated {
            #expect(try actions(.review, "hold: \(reason.rawValue)") == [.hold(reason, detail: "标题")])
        }
    }
}
