import Foundation

/// The results in `docs/reliability.md`: the part between two marks is the command's, the rest is written by people.
struct ReliabilityPage {
    private let report: FaultReport

    init(_ report: FaultReport) { self.report = report }

    /// Replaces the part, or adds it at the end.
    func write(to path: String) throws {
        let begin = "<!-- results of `orderflow-faults` (\(report.scale)) begin -->"
        let end = "<!-- results of `orderflow-faults` (\(report.scale)) end -->"
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "# Reliability\n"
        let lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = Array(lines.prefix { $0 != begin })
        let rest = Array(lines.drop { $0 != end }.dropFirst())
        let page = head + [begin] + part + [end] + (rest.isEmpty ? [""] : rest)
        try page.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    private var part: [String] {
        var lines = [
            "Run on \(report.date.prefix(10)), \(report.scale) form, seed \(report.seed): "
                + "\(report.results.count(where: \.isClean)) of \(report.results.count) cases clean.", "",
            "| | fault | orders | messages | events | lost | duplicated | unexpected | recovered | seconds |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for result in report.results {
            let counts = [
                result.orders, result.messages, result.events, result.lost, result.duplicated, result.unexpected,
                result.recovered, Int(result.seconds),
            ]
            lines.append(
                "| \(result.id) | \(result.title) | " + counts.map(String.init).joined(separator: " | ") + " |")
        }
        lines += ["", "| | figure | largest | must be below | times |", "| --- | --- | ---: | ---: | ---: |"]
        for result in report.results {
            for measure in result.measures {
                let limit = measure.limit.map { "\($0.short) \(measure.unit)" } ?? "–"
                lines.append(
                    "| \(result.id) | \(measure.name) | \(measure.largest.short) \(measure.unit) | \(limit) | "
                        + "\(measure.count) |")
            }
        }
        return lines
    }
}
