import Foundation

/// The results in `docs/reliability.md`: the part between two marks is the command's, the rest is written by people.
struct ReliabilityPage {
    private let report: FaultReport

    init(_ report: FaultReport) { self.report = report }

    /// Replaces the part, or adds it at the end.
    func write(to path: String) throws { try PagePart(report.scale, part).write(to: path) }

    private var part: [String] {
        var lines = [
            "Run on \(report.date), \(report.scale) form, seed \(report.seed): "
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
