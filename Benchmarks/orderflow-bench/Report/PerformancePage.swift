/// The figures in `docs/performance.md`: the part between two marks is the command's, the rest is written by people.
struct PerformancePage {
    private let report: Report
    private let before: Report?
    private let charts: String

    /// - Parameters:
    ///   - before: the run before, whose medians stand beside the figures.
    ///   - charts: the folder of the charts, as seen from the page.
    init(_ report: Report, before: Report?, charts: String) {
        self.report = report
        self.before = before
        self.charts = charts
    }

    /// Replaces the part, or adds it at the end.
    func write(to path: String) throws {
        let begin = "<!-- figures of `orderflow-bench \(report.command)` begin -->"
        let end = "<!-- figures of `orderflow-bench \(report.command)` end -->"
        let old = TextFile.read(path) ?? "# Performance\n"
        let lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = Array(lines.prefix { $0 != begin })
        let rest = Array(lines.drop { $0 != end }.dropFirst())
        let page = head + [begin] + part + [end] + (rest.isEmpty ? [""] : rest)
        try TextFile.write(page.joined(separator: "\n"), to: path)
    }

    private var part: [String] {
        var lines = ["Measured on \(report.date.prefix(10)): \(report.machine). \(report.scale)"]
        if let before {
            lines.append("The run before it was on \(before.date.replacing("T", with: " ").prefix(16)) UTC.")
        }
        for section in report.sections where !section.figures.isEmpty {
            lines += ["", "### \(section.title)"]
            if !section.note.isEmpty { lines += [section.note] }
            lines += ["", "| figure | kind | median | least | most | median of the run before |"]
            lines += ["| --- | --- | ---: | ---: | ---: | ---: |"]
            lines += section.figures.map(row)
            for chart in section.charts { lines += ["", "![\(chart.title)](\(charts)/\(chart.name).svg)"] }
        }
        let rows = Verdict(report).rows
        if !rows.isEmpty {
            lines += [
                "", "### What must hold", "", "| bar | figure | must be | aim | |",
                "| --- | ---: | ---: | ---: | --- |",
            ]
            lines += rows.map { "| " + $0.joined(separator: " | ") + " |" }
        }
        return lines
    }

    private func row(_ figure: Figure) -> String {
        let old = before?.figure(figure.name).map { $0.spread.median.shortText } ?? "–"
        let cells = [figure.title, figure.kind.rawValue] + figure.spread.texts + [old]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
