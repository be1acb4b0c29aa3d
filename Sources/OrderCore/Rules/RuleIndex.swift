/// Finds the rules of a phase that may match at all, by the one test of each that leaves out most orders: two hundred rules
/// cost what the few do whose anchor an order meets.
struct RuleIndex: Sendable {
    /// The test by which a rule is found; it must hold for the rule to match.
    private enum Anchor {
        case text(OrderField, Set<String>)
        case anyLine(LineField, Set<String>)
        case atLeast(OrderField, Int64)
        case none

        /// The smaller, the fewer orders it lets through, by experience: goods, then places and people, then sums.
        var breadth: Int {
            switch self {
            case .anyLine(.sku, _): 0
            case .text(.kind, _), .text(.currency, _), .text(.paymentTerm, _), .text(.paymentState, _): 5
            case .text(.weekday, _), .text(.country, _): 6
            case .text(.event, _): 1
            case .text(.channel, _), .text(.partner, _): 3
            case .text: 2
            case .anyLine: 3
            case .atLeast: 4
            case .none: 7
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
        for (index, rule) in rules.enumerated() {
            switch Self.anchor(of: rule.wholeCondition, lists) {
            case .text(let field, let values):
                for value in values { byText[field, default: [:]][value, default: []].append(index) }
            case .anyLine(let field, let values):
                for value in values { byLine[field, default: [:]][value, default: []].append(index) }
            case .atLeast(let field, let bound): byBound[field, default: []].append((bound, index))
            case .none: always.append(index)
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

    private static func anchor(of condition: RuleCondition, _ lists: [String: RuleList]) -> Anchor {
        switch condition {
        case .all(let parts): parts.map { anchor(of: $0, lists) }.min { $0.breadth < $1.breadth } ?? .none
        case .order(let field, let test):
            switch test {
            case .isIn(let values): .text(field, values)
            case .isInList(let name): .text(field, lists[name]?.entries ?? [])
            case .within(let bounds) where field.kind.isNumeric && field != .timeOfDay:
                .atLeast(field, bounds.lowerBound)
            default: .none
            }
        case .lines(.any, let part): lineAnchor(of: part, lists)
        default: .none
        }
    }

    private static func lineAnchor(of condition: RuleCondition, _ lists: [String: RuleList]) -> Anchor {
        switch condition {
        case .all(let parts): parts.map { lineAnchor(of: $0, lists) }.min { $0.breadth < $1.breadth } ?? .none
        case .line(let field, .isIn(let values)): .anyLine(field, values)
        case .line(let field, .isInList(let name)): .anyLine(field, lists[name]?.entries ?? [])
        default: .none
        }
    }
}

extension Rule {
    /// Its condition, with its sellers.
    var wholeCondition: RuleCondition {
        guard !sellers.isEmpty else { return condition }
        let codes = Set(sellers)
        return .all([.any([.order(.channel, .isIn(codes)), .order(.partner, .isIn(codes))]), condition])
    }
}
