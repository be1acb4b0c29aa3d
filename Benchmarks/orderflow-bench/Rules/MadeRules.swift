internal import OrderCore

/// Sets of so many rules, made as operations would write them: most test goods, places, people or sums, some all of them.
struct MadeRules {
    static let provinces = [
        "上海市", "广东省", "北京市", "浙江省", "四川省", "湖北省", "江苏省", "福建省", "山东省", "河南省", "湖南省", "陕西省", "辽宁省",
        "云南省", "海南省", "新疆维吾尔自治区",
    ]
    static let history = BuyerHistory(hasSameGoods: true, seconds: 1_800)
    private static let remarks = ["发票", "加急", "invoice", "gift wrap", "礼盒", "晚上", "call before", "guard house"]

    let book: RuleBook

    init(_ count: Int) {
        var set = RuleSet(label: "made")
        set.zoneSeconds = 8 * 3_600
        set.lists["blocked"] = RuleList(Set((0..<2_000).map { "buyer-blocked-\($0)" }))
        set.rules = (0..<count).map(Self.rule)
        book = RuleBook(set)
    }

    /// Of twenty rules one rejects, six hold, one gives, four source, one splits, two choose carriers, three tell and two wait.
    private static func rule(_ place: Int) -> Rule {
        let kind = place % 20
        let round = place / 20
        let phase: RulePhase =
            switch kind {
            case 0: .validate
            case 1...6: .review
            case 7: .gift
            case 8...11: .source
            case 12: .split
            case 13, 14: .carrier
            case 15...17: .output
            default: .timing
            }
        var rule = Rule("\(phase.rawValue)-\(place)", phase)
        rule.priority = Int64(place % 97)
        rule.condition = condition(kind, round)
        rule.actions = [action(phase, kind)]
        return rule
    }

    private static func condition(_ kind: Int, _ round: Int) -> RuleCondition {
        let province = RuleCondition.order(.province, .isIn([provinces[round % provinces.count]]))
        let skus = Set((0..<5).map { Goods.sku((round * 31 + kind * 7 + $0 * 401) % Goods.count) })
        let threshold = Int64(20_000 + round * 500)
        let valuable = RuleCondition.order(.payable, .within(threshold...Int64.max))
        switch kind {
        case 0: return .all([.order(.paymentTerm, .isIn(["cash_on_delivery"])), province, valuable])
        case 1, 7, 12: return .lines(.any, .all([.line(.sku, .isIn(skus)), .line(.quantity, .within(2...Int64.max))]))
        case 2: return .all([valuable, .order(.timeOfDay, .during(from: 1_320, until: 360))])
        case 3: return .all([province, .order(.remark, .contains(remarks[round % remarks.count]))])
        case 4: return .order(.buyer, .isInList("blocked"))
        case 5: return .all([.history(history, .within(1...Int64.max)), valuable])
        case 6: return .all([.order(.quantity, .within(Int64(6 + round % 30)...Int64.max)), .not(province)])
        case 13: return .all([.order(.warehouse, .isIn(["north"])), province])
        case 14: return .order(.partWeight, .within(Int64(20_000 + round * 100)...Int64.max))
        case 15, 16: return .all([.order(.event, .isIn(["order.completed", "order.paid"])), province])
        case 17: return .order(.event, .isIn(["fulfilment.requested"]))
        default: return .all([.order(.channel, .isIn(["shop"])), province])
        }
    }

    private static func action(_ phase: RulePhase, _ kind: Int) -> RuleAction {
        switch phase {
        case .validate: .reject(detail: "not here")
        case .review: .hold(.manual, detail: "have a look")
        case .gift: .gift(GiftAction(sku: "MUG"))
        case .source: .source(SourceAction(steps: [SourceAction.Step()]))
        case .split: .split(SplitAction())
        case .merge: .merge(windowSeconds: 60)
        case .backorder: .backorder(BackorderAction(rank: 10))
        case .carrier: .carrier("yto")
        case .output: .tell(receiver: kind == 15 ? "crm" : "bi")
        case .timing: .wait(.releaseDelay, seconds: 60)
        }
    }
}
