/// What must be so for a rule to match.
public indirect enum RuleCondition: Hashable, Sendable {
    /// Each of them; of none: always so.
    case all([RuleCondition])
    /// At least one of them; of none: never so.
    case any([RuleCondition])
    /// The opposite.
    case not(RuleCondition)
    /// A field of the order; a field that is not there passes no test but `exists: false`.
    case order(OrderField, RuleTest)
    /// Lines for which something is so.
    case lines(LineQuantifier, RuleCondition)
    /// A field of the line in hand: within `lines` and `sum` alone.
    case line(LineField, RuleTest)
    /// A sum over the lines for which something is so.
    case sum(LineField, of: RuleCondition, RuleTest)
    /// How many orders the buyer placed before this one.
    case history(BuyerHistory, RuleTest)

    /// How many of the lines.
    public enum LineQuantifier: String, Hashable, Sendable, CaseIterable {
        /// At least one.
        case any = "anyLine"
        /// Each; of an order without lines, too.
        case all = "allLines"
        /// None.
        case no = "noLine"
    }
}

extension RuleCondition {
    /// Whether it asks for any of these fields of the order.
    func looks(at fields: Set<OrderField>) -> Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains { $0.looks(at: fields) }
        case .not(let part), .lines(_, let part), .sum(_, of: let part, _): part.looks(at: fields)
        case .order(let field, _): fields.contains(field)
        case .line, .history: false
        }
    }
}

/// What is counted of a buyer's earlier orders; rejected ones don't count.
public struct BuyerHistory: Hashable, Sendable {
    /// Only those of the same SKUs and quantities: a suspected double order.
    public var hasSameGoods: Bool
    /// Placed within so many seconds before.
    public var seconds: Int64

    /// What an order holds, as one text: alike for orders of the same SKUs and quantities, whatever was given with them.
    public static func goods(of lines: [OrderLine]) -> String {
        goods(of: lines.filter { $0.gift == nil }.map { ($0.sku, $0.quantity) })
    }

    /// The same of an order that is about to be placed.
    public static func goods(of lines: [OrderPlaced.Line]) -> String {
        goods(of: lines.map { ($0.sku, $0.quantity) })
    }

    private static func goods(of lines: [(sku: String, quantity: Int64)]) -> String {
        lines.map { "\($0.sku) \($0.quantity)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .joined(separator: ",")
    }

    /// Makes a count.
    public init(hasSameGoods: Bool, seconds: Int64) {
        self.hasSameGoods = hasSameGoods
        self.seconds = seconds
    }
}

/// What a field must pass.
public enum RuleTest: Hashable, Sendable {
    /// It is one of these texts.
    case isIn(Set<String>)
    /// It is in the list of this name.
    case isInList(String)
    /// It is a number within these bounds; amounts in minor units, times of day in minutes.
    case within(ClosedRange<Int64>)
    /// A time of day from the first to before the second, past midnight where the first is later.
    case during(from: Int64, until: Int64)
    /// This text is in it; letters of the Latin alphabet in any case.
    case contains(String)
    /// It looks like this: `*` stands for any text, `?` for one character.
    case matches(String)
    /// It is there, or it is not.
    case exists(Bool)
}
