internal import OrderCore

// The keys of the language, once: readers and the schema for editors both go by them.

/// What a file may have.
enum FileKey: String, CaseIterable {
    case zone, lists, tables, warehouses, carriers, stockShares, rules, examples
}

/// What a list may have.
enum ListKey: String, CaseIterable {
    case title, entries, file
}

/// What a rule may have.
enum RuleKey: String, CaseIterable {
    case name, title, phase, priority, enabled, from, until, channels, partners, when, then, stop
}

/// How conditions are put together.
enum CombinationKey: String, CaseIterable {
    case all, any, not
}

/// What is counted of the buyer's earlier orders.
enum HistoryKey: String, CaseIterable {
    case orders = "buyer.orders"
    case sameOrder = "buyer.sameOrder"
}

/// The key of a sum over lines, and what it may have beside comparisons.
enum SumKey: String, CaseIterable {
    case of, `where`

    static let name = "sum"
}

/// How a field is tested.
enum RuleOperator: String, CaseIterable {
    case `is`, not, `in`, notIn, inList, notInList, atLeast, above, atMost, below, between, contains, matches, exists

    /// Comparisons of numbers.
    static let comparisons: [RuleOperator] = [.is, .not, .in, .notIn, .atLeast, .above, .atMost, .below, .between]

    /// Those that a field of this kind may be tested by.
    static func fitting(_ kind: RuleFieldKind) -> [RuleOperator] {
        switch kind {
        case .text: [.is, .not, .in, .notIn, .inList, .notInList, .contains, .matches, .exists]
        case .word: [.is, .not, .in, .notIn, .exists]
        case .number, .amount: comparisons + [.exists]
        case .timeOfDay: [.between, .atLeast, .above, .atMost, .below]
        case .flag: [.is, .not, .exists]
        }
    }
}

/// Units of durations; several in one are added.
enum DurationKey: String, CaseIterable {
    case days, hours, minutes, seconds

    var seconds: Int64 {
        switch self {
        case .days: 86_400
        case .hours: 3_600
        case .minutes: 60
        case .seconds: 1
        }
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// All of them, as they are written.
    static var keys: [String] { allCases.map(\.rawValue) }
}
