internal import OrderRules
internal import OrderStore
internal import Postgres

/// Our worker with rules and without them, in turns.
struct RulePairs {
    /// First with rules, second without.
    private(set) var pairs = Pairs()

    /// - Parameter template: the database with the rules published.
    init(_ session: Session, template: String, pairs count: Int, orders: Int) throws {
        let workload = session.workload(.unremarkable, orders: orders)
        for pair in 0..<max(count, 1) {
            for hasRules in pair % 2 == 0 ? [true, false] : [false, true] {
                let title = "pair \(pair + 1), \(hasRules ? "with" : "without") rules"
                let run = try session.run(.ours, workload, title, from: hasRules ? template : nil)
                if hasRules { pairs.first.append(run) } else { pairs.second.append(run) }
                try check(session, hasRules, orders)
            }
        }
    }

    /// A run with rules counts only when they were asked about every order.
    private func check(_ session: Session, _ hasRules: Bool, _ orders: Int) throws {
        let connection = try session.servers.connect(database: session.database.name)
        let decided = try connection.query(
            "SELECT count(DISTINCT order_number) FROM rule_decisions WHERE phase = 'source'"
        ).only().int(0)
        guard decided == (hasRules ? orders : 0) else {
            throw BenchFailure("rules have sourced \(decided) of \(orders) orders")
        }
    }

    var section: Report.Section {
        var section = pairs.section(
            "Lifecycle mix with the rules that ship", ("rules.with", "with rules"), ("rules.without", "without rules"))
        section.note = """
            In turns, each on a fresh database. Orders are of one unit a line, so that no rule has people look at one: what \
            waits for people says nothing of speed.
            """
        section.figures.append(
            Figure("rules.ratio", "with rules against without, messages/s", .ratio, pairs.ratios))
        section.figures.append(
            Figure(
                "rules.worker_cpu", "worker's CPU time a message, with rules against without", .ratio,
                zip(pairs.first, pairs.second).map {
                    $0.microsecondsPerMessage($0.cpu.worker) / max($1.microsecondsPerMessage($1.cpu.worker), 0.001)
                }))
        return section
    }
}

extension Session {
    /// A copy of the template in which rules are published; gives its name.
    func publish(_ files: RuleFiles, in template: String, from other: String? = nil) throws -> String {
        try database.copy(from: other, to: template)
        let connection = try servers.connect(database: template)
        _ = try RuleVersions(connection: connection).publish(files.texts, by: "bench", note: "to be measured")
        return template
    }
}
