@testable import OrderCore

/// Makes rules and orders from a seed, out of so few words that they meet often.
struct RuleDice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    private mutating func isOne(in count: Int) -> Bool { below(count) == 0 }
    private mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    private static let words = ["A", "b", "TEA-1", "tea-2", "上海", "北京", "", "Ab", "shop", "p1", "加急"]
    private static let lists = ["L1", "L2", "empty", "missing"]
    private static let moments: [Int64] = [-90_000, -1, 0, 1, 3_599, 86_399, 500_000, 1_795_262_400]
    private static let histories = [
        BuyerHistory(hasSameGoods: false, seconds: 86_400), BuyerHistory(hasSameGoods: true, seconds: 600),
    ]

    // MARK: Rules

    mutating func set() -> RuleSet {
        var set = RuleSet(label: "dice")
        set.zoneSeconds = one(of: [0, 28_800, -18_000])
        set.lists = ["L1": RuleList(["A", "TEA-1", "上海"]), "L2": RuleList(["b", "p1", ""]), "empty": RuleList([])]
        set.rules = (0..<(1 + below(80))).map { rule($0) }
        return set
    }

    private mutating func rule(_ number: Int) -> Rule {
        var rule = Rule("r\(number)", one(of: [.review, .validate, .source, .output]))
        rule.priority = Int64(below(3))
        rule.isEnabled = !isOne(in: 10)
        rule.stops = isOne(in: 10)
        if isOne(in: 10) { rule.validFrom = moment() }
        if isOne(in: 10) { rule.validUntil = moment() }
        if isOne(in: 4) { rule.sellers = (0..<(1 + below(2))).map { _ in one(of: ["shop", "p1"]) } }
        if isOne(in: 12) { rule.actions = [.approve] }
        rule.condition = condition(depth: 0, ofLine: false)
        return rule
    }

    private mutating func moment() -> Timestamp { Timestamp(microseconds: one(of: Self.moments) * 1_000_000) }

    private mutating func condition(depth: Int, ofLine: Bool) -> RuleCondition {
        switch depth > 3 ? 3 + below(7) : below(10) {
        case 0: return .all(conditions(depth, ofLine))
        case 1: return .any(conditions(depth, ofLine))
        case 2: return .not(condition(depth: depth + 1, ofLine: ofLine))
        case _ where ofLine:
            let field = one(of: LineField.allCases)
            return .line(field, test(field.kind))
        case 3:
            return .lines(
                one(of: RuleCondition.LineQuantifier.allCases), condition(depth: depth + 1, ofLine: true))
        case 4:
            let field = one(of: LineField.allCases.filter(\.kind.isNumeric))
            return .sum(field, of: condition(depth: depth + 1, ofLine: true), test(.number))
        case 5: return .history(one(of: Self.histories), test(.number))
        default:
            let field = one(of: OrderField.allCases)
            return .order(field, test(field.kind))
        }
    }

    private mutating func conditions(_ depth: Int, _ ofLine: Bool) -> [RuleCondition] {
        (0..<below(4)).map { _ in condition(depth: depth + 1, ofLine: ofLine) }
    }

    private mutating func test(_ kind: RuleFieldKind) -> RuleTest {
        if isOne(in: 8) { return .exists(isOne(in: 2)) }
        switch kind {
        case .timeOfDay where isOne(in: 2): return .during(from: Int64(below(1_440)), until: Int64(below(1_441)))
        case .timeOfDay: return .within(range(1_440))
        case .number, .amount, .flag: return .within(range(6))
        case .word(let words): return .isIn(Set((0..<(1 + below(2))).map { _ in one(of: words) }))
        case .text:
            switch below(5) {
            case 0: return .isInList(one(of: Self.lists))
            case 1: return .contains(one(of: Self.words))
            case 2: return .matches(one(of: ["*", "TEA-*", "?b", "*海", "a*", "", "t?a*1", "**-?"]))
            default: return .isIn(Set((0..<(1 + below(3))).map { _ in one(of: Self.words) }))
            }
        }
    }

    private mutating func range(_ bound: Int) -> ClosedRange<Int64> {
        switch below(3) {
        case 0: return Int64(below(bound))...(.max)
        case 1: return .min...Int64(below(bound))
        default:
            let lower = Int64(below(bound))
            return lower...(lower + Int64(below(bound)))
        }
    }

    // MARK: Orders

    mutating func subject() -> RuleSubject {
        let kind = one(of: OrderKind.allCases)
        let now = moment()
        var order = Order(
            number: one(of: ["shop", "p1", "A"]) + "/1", kind: kind, paymentTerm: one(of: PaymentTerm.allCases),
            currency: .none, status: .awaitingPayment, contentHash: ContentHash(high: 0, low: 0), placedAt: now)
        order.paymentState = one(of: PaymentState.allCases)
        order.payable = Int64(below(6))
        order.amounts = Amounts(goods: Int64(below(6)), shipping: Int64(below(2)))
        order.money.captured = Int64(below(6))
        let lines = (0..<below(4)).map { index in
            var line = OrderLine(
                number: Int64(index + 1), sku: one(of: Self.words), type: one(of: LineType.allCases),
                quantity: Int64(1 + below(4)), unitPrice: Int64(below(4)))
            line.share = line.quantity * line.unitPrice
            return line
        }
        var subject = RuleSubject(order, lines: lines, contact: contact(), products: products(), now: now)
        for history in Self.histories where !isOne(in: 3) { subject.history[history] = Int64(below(4)) }
        for word in Self.words where isOne(in: 2) { subject.available[word] = Int64(below(6)) }
        if isOne(in: 2) { subject.event = one(of: Self.words) }
        if isOne(in: 2) {
            let units = Dictionary(uniqueKeysWithValues: lines.map { ($0.number, Int64(below(5))) })
            subject.part = RuleSubject.Part(warehouse: one(of: Self.words), quantities: units)
        }
        return subject
    }

    private mutating func contact() -> OrderContact? {
        if isOne(in: 5) { return nil }
        var receiver = Receiver()
        receiver.city = maybe()
        receiver.province = maybe()
        receiver.name = maybe()
        receiver.address = maybe()
        var contact = OrderContact(orderNumber: "shop/1", receiver: receiver)
        contact.remark = maybe()
        contact.buyer = maybe()
        return contact
    }

    private mutating func maybe() -> String? { isOne(in: 4) ? nil : one(of: Self.words) }

    private mutating func products() -> [String: Product] {
        var products: [String: Product] = [:]
        for word in Self.words where isOne(in: 2) {
            var product = Product(sku: word)
            (product.weight, product.volume) = (Int64(below(4)), Int64(below(4)))
            (product.title, product.supplier, product.temperature) = (maybe(), maybe(), maybe())
            if isOne(in: 2) { product.floorPrice = Int64(below(4)) }
            products[word] = product
        }
        return products
    }
}
