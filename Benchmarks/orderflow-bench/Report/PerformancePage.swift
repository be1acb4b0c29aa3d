internal import FoundationEssentials

/// The figures in `docs/performance.md`: the part between two marks is ours, the rest is written by people.
struct PerformancePage {
    private let results: Results
    private let machine: Machine

    private static let begin = "<!-- figures of `make bench-quick` begin -->"
    private static let end = "<!-- figures of `make bench-quick` end -->"

    init(_ results: Results, _ machine: Machine) {
        self.results = results
        self.machine = machine
    }

    /// Replaces the part, or adds it at the end.
    func write(to path: String) throws {
        let old = TextFile.read(path) ?? "# Performance\n"
        let lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let before = Array(lines.prefix { $0 != Self.begin })
        let rest = Array(lines.drop { $0 != Self.end }.dropFirst())
        let page = before + [Self.begin] + section + [Self.end] + (rest.isEmpty ? [""] : rest)
        let text = page.joined(separator: "\n")
        try TextFile.write(text, to: path)
    }

    private var section: [String] {
        let date = String(Date.now.ISO8601Format().prefix(10))
        var lines = [
            "Measured on \(date): \(machine.sentence).", "",
            "| figure | kind | median | least | most |", "| --- | --- | ---: | ---: | ---: |",
        ]
        for contestant in Contestant.allCases {
            lines += [
                row("\(contestant.title): orders/s", results.spread(contestant) { $0.ordersPerSecond }),
                row("\(contestant.title): messages/s in", results.spread(contestant) { $0.messagesPerSecond }),
                row(
                    "\(contestant.title): events/s out, confirmed",
                    results.spread(contestant) { Double($0.events) / $0.seconds }),
                row(
                    "\(contestant.title): CPU of the worker, µs a message in",
                    results.spread(contestant) { $0.workerMicrosecondsPerMessage }),
            ]
        }
        let ratio = results.ratios.texts(digits: 2)
        lines.append(
            "| **orderflow against the usual worker, messages/s** | ratio | \(ratio.joined(separator: " | ")) |")
        let runs = Contestant.allCases.map {
            "\(results.runs(of: $0).first?.orders.grouped ?? "0") orders (\($0.title))"
        }
        lines += [
            "",
            "\(results.runs(of: .lanes).count) pairs of runs in turns; each run on a fresh database: "
                + runs.joined(separator: ", ")
                + ". \"Absolute\" holds for this machine; a \"ratio\" was taken in one run.",
        ]
        return lines
    }

    private func row(_ title: String, _ spread: Spread) -> String {
        "| \(title) | absolute | \(spread.texts().joined(separator: " | ")) |"
    }
}
