/// What must hold.
struct Bar {
    let figure: String
    let title: String
    let limit: Double
    let isCeiling: Bool
    let aim: Double
    /// The command that measures it.
    let command: String

    static let all = [
        Bar("lifecycle.ratio", "lifecycle mix against the usual worker", atLeast: 5, aim: 8, "full"),
        Bar("lifecycle.against_l3", "lifecycle mix against L3", atLeast: 0.6, aim: 0.8, "full"),
        Bar("latency.p99_ratio", "p99 at half load against the usual worker's", atMost: 1, aim: 0.5, "full"),
        Bar("goods.ratio", "one hot SKU against uniform SKUs", atLeast: 0.8, aim: 0.95, "full"),
        Bar("cpu.worker_share", "worker's own CPU, of all", atMost: 0.25, aim: 0.15, "full"),
        Bar("processes.ratio", "4 processes against 1, at equal lanes", atLeast: 0.9, aim: 1, "full"),
        Bar("rules.200", "200 rules, µs an order", atMost: 3, aim: 2, "rules"),
        Bar("rules.ratio", "with the rules that ship against without", atLeast: 0.9, aim: 0.95, "rules"),
        Bar("rules.simulation", "rules tried on 100,000 stored orders, seconds", atMost: 20, aim: 10, "rules"),
        Bar("stored.ratio", "5 million orders stored against none", atLeast: 0.8, aim: 0.95, "growth"),
        Bar("backlog.memory", "RSS of a worker after a million messages, MB", atMost: 100, aim: 60, "growth"),
        Bar("backlog.memory_growth", "RSS in the last quarter against the second", atMost: 1.1, aim: 1, "growth"),
    ]

    private init(_ figure: String, _ title: String, atLeast limit: Double, aim: Double, _ command: String) {
        (self.figure, self.title, self.limit, self.aim, self.command) = (figure, title, limit, aim, command)
        isCeiling = false
    }

    private init(_ figure: String, _ title: String, atMost limit: Double, aim: Double, _ command: String) {
        (self.figure, self.title, self.limit, self.aim, self.command) = (figure, title, limit, aim, command)
        isCeiling = true
    }

    var limitText: String { (isCeiling ? "≤ " : "≥ ") + limit.shortText }
    var aimText: String { aim.shortText }

    func holds(_ value: Double) -> Bool { isCeiling ? value <= limit : value >= limit }
}

/// The bars that a report is judged by.
struct Verdict {
    private let lines: [(bar: Bar, value: Double?)]

    init(_ report: Report) {
        lines = Bar.all.filter { $0.command == report.command }.map { bar in
            (bar, report.figure(bar.figure)?.spread.median)
        }
    }

    var isShort: Bool { lines.contains { bar, value in value.map { !bar.holds($0) } ?? true } }

    /// Name, figure, bar, aim, holds or short.
    var rows: [[String]] {
        lines.map { bar, value in
            let verdict = value.map { bar.holds($0) ? "holds" : "short" } ?? "not measured"
            return [bar.title, value?.shortText ?? "–", bar.limitText, bar.aimText, verdict]
        }
    }

    func print() {
        var table = TextTable(["bar", "figure", "must be", "aim", ""])
        for row in rows { table.add(row) }
        Terminal.say()
        for line in table.lines { Terminal.say(line) }
    }
}
