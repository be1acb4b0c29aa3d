/// A report on the terminal.
struct ReportTable {
    let report: Report

    func print() {
        for section in report.sections where !section.figures.isEmpty {
            Terminal.say("\n" + section.title)
            var table = TextTable(["", "median", "least", "most", ""])
            for figure in section.figures { table.add([figure.title] + figure.spread.texts + [figure.kind.rawValue]) }
            for line in table.lines { Terminal.say(line) }
        }
    }
}
