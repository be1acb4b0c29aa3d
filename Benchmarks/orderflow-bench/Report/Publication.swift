internal import ArgumentParser
internal import Glibc

/// Where a report goes.
struct Publication: ParsableArguments {
    @Option(help: ArgumentHelp("Also keep the report as JSON there, under its date.", valueName: "folder"))
    var reports: String?

    @Option(
        help: ArgumentHelp(
            "Write page, charts and figures into these documents; without it they are left alone.", valueName: "folder")
    )
    var docs: String?

    /// Prints the report, and writes it where it is to go. Throws an exit code where a bar is short.
    func publish(_ report: Report) throws {
        ReportTable(report: report).print()
        if let reports {
            let path = "\(reports)/\(report.date.replacing(":", with: "")).json"
            try report.write(to: path)
            Terminal.say("\nreport: \(path)")
        }
        if let docs {
            let folder = "\(docs)/performance"
            mkdir(folder, 0o755)
            let figures = "\(folder)/\(report.command).json"
            let page = PerformancePage(report, before: try? Report.read(figures), charts: "performance")
            try page.write(to: "\(docs)/performance.md")
            for chart in report.sections.flatMap(\.charts) {
                try TextFile.write(LineChart(chart).svg, to: "\(folder)/\(chart.name).svg")
            }
            try report.write(to: figures)
        }
        let verdict = Verdict(report)
        guard !verdict.rows.isEmpty else { return }
        verdict.print()
        if verdict.isShort { throw ExitCode(1) }
    }
}
