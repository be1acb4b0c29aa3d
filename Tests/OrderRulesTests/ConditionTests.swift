import OrderCore
import Testing

@testable import OrderRules

@Suite("Conditions")
struct ConditionTests {
    @Test(
        "a field is tested by a value, by a list of values, or by operators",
        arguments: [
            ("kind: internal", .order(.kind, .isIn(["internal"]))),
            ("receiver.city: [北京市, 上海市]", .order(.city, .isIn(["北京市", "上海市"]))),
            ("receiver.postalCode: 010000", .order(.postalCode, .isIn(["010000"]))),
            ("receiver.country: NO", .order(.country, .isIn(["NO"]))),
            ("channel: {is: shop}", .order(.channel, .isIn(["shop"]))),
            ("channel: {not: outlet}", .not(.order(.channel, .isIn(["outlet"])))),
            ("channel: {in: [a, b]}", .order(.channel, .isIn(["a", "b"]))),
            ("channel: {notIn: [a, b]}", .not(.order(.channel, .isIn(["a", "b"])))),
            ("remark: {contains: 加急}", .order(.remark, .contains("加急"))),
            (
                "remark: {matches: \"*急*\", exists: true}",
                .all([.order(.remark, .matches("*急*")), .order(.remark, .exists(true))])
            ),
            ("amounts.payable: 5", .order(.payable, .within(5...5))),
            ("amounts.payable: [5, 7]", .any([.order(.payable, .within(5...5)), .order(.payable, .within(7...7))])),
            ("amounts.payable: {not: 5}", .not(.order(.payable, .within(5...5)))),
            ("amounts.payable: {atLeast: 5}", .order(.payable, .within(5...Int64.max))),
            ("amounts.payable: {above: 5}", .order(.payable, .within(6...Int64.max))),
            ("amounts.payable: {atMost: 5}", .order(.payable, .within(Int64.min...5))),
            ("amounts.payable: {below: 5}", .order(.payable, .within(Int64.min...4))),
            ("amounts.payable: {between: [5, 9]}", .order(.payable, .within(5...9))),
            ("amounts.payable: {atLeast: 5, below: 10}", .order(.payable, .within(5...9))),
            ("time.ofDay: {between: [\"22:00\", \"06:00\"]}", .order(.timeOfDay, .during(from: 1_320, until: 360))),
            ("time.ofDay: {atLeast: 08:30}", .order(.timeOfDay, .within(510...Int64.max))),
            ("time.weekday: [sat, sun]", .order(.weekday, .isIn(["sat", "sun"]))),
        ] as [(String, RuleCondition)])
    func fields(_ text: String, _ meant: RuleCondition) throws {
        #expect(try condition(text) == meant)
    }

    @Test("a list is named, and may be asked for its opposite")
    func lists() throws {
        let lists = "lists: {far: {title: 偏远地区, entries: [西藏自治区, 新疆维吾尔自治区]}}"
        #expect(try condition("receiver.province: {inList: far}", lists: lists) == .order(.province, .isInList("far")))
        #expect(
            try condition("receiver.province: {notInList: far}", lists: lists)
                == .not(.order(.province, .isInList("far"))))
    }

    @Test("a mapping is all of its members; all, any and not stand within each other")
    func combinations() throws {
        let shop = RuleCondition.order(.channel, .isIn(["shop"]))
        let online = RuleCondition.order(.paymentTerm, .isIn(["online"]))
        #expect(try condition("channel: shop\npayment.term: online") == .all([shop, online]))
        #expect(try condition("- channel: shop\n- payment.term: online") == .all([shop, online]))
        #expect(try condition("any: {channel: shop, payment.term: online}") == .any([shop, online]))
        #expect(try condition("any: [{channel: shop}, {all: {payment.term: online}}]") == .any([shop, online]))
        #expect(try condition("not: {channel: shop, payment.term: online}") == .not(.all([shop, online])))
        #expect(try condition("not: [{channel: shop}, {payment.term: online}]") == .not(.any([shop, online])))
        #expect(try condition("not: {any: [{not: {channel: shop}}]}") == .not(.not(shop)))
    }

    @Test("lines are asked: any, all, none of them, and their sums")
    func lines() throws {
        let tea = RuleCondition.line(.sku, .matches("TEA-*"))
        #expect(try condition("anyLine: {sku: {matches: \"TEA-*\"}}") == .lines(.any, tea))
        #expect(
            try condition("allLines: {type: physical}") == .lines(.all, .line(.type, .isIn(["physical"]))))
        #expect(
            try condition("noLine: {any: {belowFloor: true, not: {sku: {matches: \"TEA-*\"}}}}")
                == .lines(.no, .any([.line(.isBelowFloor, .within(1...1)), .not(tea)])))
        #expect(
            try condition("sum: {of: quantity, where: {sku: [A, B]}, atLeast: 3}")
                == .sum(.quantity, of: .line(.sku, .isIn(["A", "B"])), .within(3...Int64.max)))
        #expect(try condition("sum: {of: weight, above: 10}") == .sum(.weight, of: .all([]), .within(11...Int64.max)))
    }

    @Test("the buyer's earlier orders are counted within a time")
    func history() throws {
        #expect(
            try condition("buyer.orders: {days: 30, atMost: 0}")
                == .history(BuyerHistory(hasSameGoods: false, seconds: 2_592_000), .within(Int64.min...0)))
        #expect(
            try condition("buyer.sameOrder: {hours: 1, minutes: 10, atLeast: 1}")
                == .history(BuyerHistory(hasSameGoods: true, seconds: 4_200), .within(1...Int64.max)))
    }
}
