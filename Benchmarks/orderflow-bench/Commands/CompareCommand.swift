internal import ArgumentParser

/// `orderflow-bench compare`: two reports side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two reports, figure by figure.",
        discussion: "A change is marked where the ranges of the two do not overlap.")

    @Argument(help: "The report of the run before.")
    var old: String

    @Argument(help: "The report of the run after.")
    var new: String

    func run() throws {
        let (old, new) = (try Report.read(old), try Report.read(new))
        if old.machine != new.machine { Terminal.note("different machines: only ratios can be compared") }
        for section in new.sections {
            var table = TextTable(["", "before", "after", "change %", ""])
            for figure in section.figures {
                guard let before = old.figure(figure.name)?.spread else { continue }
                let after = figure.spread
                let change = before.median == 0 ? "–" : ((after.median / before.median - 1) * 100).text(digits: 1)
                let isClear = after.least > before.most || after.most < before.least
                table.add([
                    figure.title, before.median.shortText, after.median.shortText, change, isClear ? "clear" : "",
                ])
            }
            guard !table.isEmpty else { continue }
            Terminal.say("\n" + section.title)
            for line in table.lines { Terminal.say(line) }
        }
    }
}
