/// Finds the rules of a phase that may match at all, by the one test of each that leaves out most orders: two hundred rules
/// cost what the few do whose anchor an order meets.
struct RuleIndex: Sendable {
    /// The test by which a rule is found; it must hold for the rule to match.
    private enum Anchor {
        case text(OrderField, Set<String>)
        case anyLine(LineField, Set<String>)
        case atLeast(OrderField, Int64)

        /// How many values such a field has in orders, by experience.
        private var usualValues: Int {
            switch self {
            case .anyLine(.sku, _): 10_000
            case .anyLine: 10
            case .text(let field, _):
                switch field {
                case .country: 2
                case .kind, .currency, .paymentTerm, .paymentState: 3
                case .channel, .partner: 5
                case .warehouse, .weekday: 7
                case .event: 20
                case .province: 30
                case .city: 300
                case .district: 3_000
                default: 100_000
                }
            case .atLeast: 2
            }
        }

        /// The part of all orders that it lets through: the smaller, the better is a rule found by it. A field has at least
        /// the values that rules name.
        func share(_ named: Named) -> Double {
            switch self {
            case .text(let field, let values):
                Double(values.count) / Double(max(usualValues, named.texts[field]?.count ?? 0))
            case .anyLine(let field, let values):
                Double(values.count) / Double(max(usualValues, named.lineTexts[field]?.count ?? 0))
            case .atLeast: 1 / Double(usualValues)
            }
        }
    }

    /// The values that rules name.
    private struct Named {
        var texts: [OrderField: Set<String>] = [:]
        var lineTexts: [LineField: Set<String>] = [:]

        init(_ anchors: some Sequence<Anchor>) {
            for anchor in anchors {
                switch anchor {
                case .text(let field, let values): texts[field, default: []].formUnion(values)
                case .anyLine(let field, let values): lineTexts[field, default: []].formUnion(values)
                case .atLeast: break
                }
            }
        }
    }

    private var always: [Int] = []
    private let byText: [(field: OrderField, rules: [String: [Int]])]
    private let byLine: [(field: LineField, rules: [String: [Int]])]
    /// Ascending by bound.
    private let byBound: [(field: OrderField, rules: [(bound: Int64, rule: Int)])]
    private let zoneSeconds: Int64

    init(_ rules: [Rule], lists: [String: RuleList], zoneSeconds: Int64) {
        self.zoneSeconds = zoneSeconds
        var byText: [OrderField: [String: [Int]]] = [:]
        var byLine: [LineField: [String: [Int]]] = [:]
        var byBound: [OrderField: [(bound: Int64, rule: Int)]] = [:]
        let anchors = rules.map { Self.anchors(of: $0.wholeCondition, lists) }
        let named = Named(anchors.joined())
        for (index, anchors) in anchors.enumerated() {
            switch anchors.min(by: { $0.share(named) < $1.share(named) }) {
            case .text(let field, let values):
                for value in values { byText[field, default: [:]][value, default: []].append(index) }
            case .anyLine(let field, let values):
                for value in values { byLine[field, default: [:]][value, default: []].append(index) }
            case .atLeast(let field, let bound): byBound[field, default: []].append((bound, index))
            case nil: always.append(index)
            }
        }
        for field in byBound.keys { byBound[field]?.sort { ($0.bound, $0.rule) < ($1.bound, $1.rule) } }
        self.byText = byText.map { ($0.key, $0.value) }
        self.byLine = byLine.map { ($0.key, $0.value) }
        self.byBound = byBound.map { ($0.key, $0.value) }
    }

    /// Marks each rule that may match.
    func find(for subject: RuleSubject, _ mark: (Int) -> Void) {
        always.forEach(mark)
        for (field, rules) in byText {
            guard let value = subject.text(field, zoneSeconds: zoneSeconds) else { continue }
            rules[value]?.forEach(mark)
        }
        for (field, rules) in byLine {
            for line in subject.lines {
                guard let value = subject.text(field, of: line) else { continue }
                rules[value]?.forEach(mark)
            }
        }
        for (field, rules) in byBound {
            guard let value = subject.number(field, zoneSeconds: zoneSeconds) else { continue }
            for (bound, rule) in rules {
                if bound > value { break }
                mark(rule)
            }
        }
    }

    /// The tests that must hold for a condition to hold.
    private static func anchors(of condition: RuleCondition, _ lists: [String: RuleList]) -> [Anchor] {
        switch condition {
        case .all(let parts): parts.flatMap { anchors(of: $0, lists) }
        case .order(let field, let test):
            switch test {
            case .isIn(let values): [.text(field, values)]
            case .isInList(let name): [.text(field, lists[name]?.entries ?? [])]
            case .within(let bounds) where field.kind.isNumeric && field != .timeOfDay:
                [.atLeast(field, bounds.lowerBound)]
            default: []
            }
        case .lines(.any, let part): lineAnchors(of: part, lists)
        default: []
        }
    }

    private static func lineAnchors(of condition: RuleCondition, _ lists: [String: RuleList]) -> [Anchor] {
        switch condition {
        case .all(let parts): parts.flatMap { lineAnchors(of: $0, lists) }
        case .line(let field, .isIn(let values)): [.anyLine(field, values)]
        case .line(let field, .isInList(let name)): [.anyLine(field, lists[name]?.entries ?? [])]
        default: []
        }
    }
}

extension Rule {
    /// Its condition, with its sellers.
    public var wholeCondition: RuleCondition {
        guard !sellers.isEmpty else { return condition }
        let codes = Set(sellers)
        return .all([.any([.order(.channel, .isIn(codes)), .order(.partner, .isIn(codes))]), condition])
    }
}
