internal import OrderCore
internal import Postgres

/// What each rule of a set has decided, also where that is nothing.
struct RulesOfDay {
    /// A line a rule, in the order in which they are asked.
    let lines: [(name: String, orders: Int64, decisions: Int64)]

    init(_ set: RuleSet, _ connection: PostgresConnection) throws {
        var counts: [String: (orders: Int64, decisions: Int64)] = [:]
        let rows = try connection.query(
            "SELECT rule, count(DISTINCT order_number), count(*) FROM rule_decisions GROUP BY rule")
        for row in rows { counts[try row.text(0)] = (try row.int64(1), try row.int64(2)) }
        self.init(set, counts)
    }

    init(_ set: RuleSet, _ counts: [String: (orders: Int64, decisions: Int64)]) {
        let rules = set.rules.filter(\.isEnabled).sorted { ($0.priority, $0.name) < ($1.priority, $1.name) }
        lines = Self.phases.flatMap { phase in
            rules.filter { $0.phase == phase }.map { rule in
                let counted = counts[rule.name] ?? (0, 0)
                return ("\(phase.rawValue): \(rule.name)", counted.orders, counted.decisions)
            }
        }
    }

    /// As orders come by them.
    private static let phases: [RulePhase] = [
        .validate, .gift, .source, .backorder, .split, .review, .merge, .carrier, .output, .timing,
    ]
}
