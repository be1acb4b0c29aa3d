internal import OrderCore

/// What would change, counted by rule and effect.
struct SimulationTally: Sendable {
    /// Orders that would change.
    private(set) var orders = 0
    /// Orders that could not be looked at.
    var leftOut = 0
    private var groups: [RuleComparison.Change: (count: Int, examples: [String])] = [:]
    /// A line for each change of each order, where they are asked for.
    private var lines = ""
    private let keepsAll: Bool

    /// - Parameter keepsAll: each change of each order is kept, too.
    init(keepsAll: Bool) {
        self.keepsAll = keepsAll
    }

    private static let examples = 3

    mutating func add(_ order: String, _ changes: [RuleComparison.Change]) {
        guard !changes.isEmpty else { return }
        orders += 1
        for change in changes {
            var group = groups[change] ?? (0, [])
            group.count += 1
            if group.examples.count < Self.examples { group.examples.append(order) }
            groups[change] = group
            if keepsAll { lines += Self.line(order, change) }
        }
    }

    /// Adds what was counted of later orders.
    mutating func add(_ later: SimulationTally) {
        orders += later.orders
        leftOut += later.leftOut
        for (change, counted) in later.groups {
            var group = groups[change] ?? (0, [])
            group.count += counted.count
            group.examples += counted.examples.prefix(Self.examples - group.examples.count)
            groups[change] = group
        }
        lines += later.lines
    }

    var listing: Listing {
        let sorted = groups.sorted { left, right in
            if left.value.count != right.value.count { return left.value.count > right.value.count }
            return (left.key.rule, left.key.effect) < (right.key.rule, right.key.effect)
        }
        return Listing(
            of: sorted,
            [
                ("orders", { .integer(Int64($0.value.count)) }), ("phase", { .text($0.key.phase.rawValue) }),
                ("rule", { .text($0.key.rule) }), ("change", { .text($0.key.isNew ? "new" : "no more") }),
                ("effect", { .text($0.key.effect) }),
                ("examples", { .text($0.value.examples.joined(separator: ", ")) }),
            ])
    }

    /// RFC 4180.
    var csv: String { "order,phase,rule,change,effect\r\n" + lines }

    private static func line(_ order: String, _ change: RuleComparison.Change) -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        let fields = [order, change.phase.rawValue, change.rule, change.isNew ? "new" : "no more", change.effect]
        return fields.map(quoted).joined(separator: ",") + "\r\n"
    }
}
