internal import ArgumentParser
internal import OrderStore

/// `orderflow audit`: checks in the database what is promised.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check in the database what is promised; exit 1 and tell the rows that break it.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("How long something may be overdue or unconfirmed.", valueName: "seconds"))
    var patience = 600

    @Option(help: ArgumentHelp("How many rows of each check to tell.", valueName: "rows"))
    var limit = 20

    func validate() throws {
        guard patience > 0, limit > 0 else { throw ValidationError("--patience and --limit must be at least 1") }
    }

    func run() throws {
        var audit = Audit()
        audit.patienceSeconds = patience
        audit.findingsPerCheck = limit
        let connection = try options.load().connectDatabase(isReading: true)
        let verdicts = try audit.run(on: connection) { Console.progress("\($0.name): \($0.sentence)") }
        Console.endProgress()
        switch output.format {
        case .json: Console.data(json(verdicts))
        case .table: write(verdicts)
        }
        let broken = verdicts.filter { $0.count > 0 }
        guard broken.isEmpty else { throw Failure(.findings, "\(broken.count) of \(verdicts.count) checks are broken") }
        Console.message("all \(verdicts.count) checks hold")
    }

    private func write(_ verdicts: [AuditVerdict]) {
        var table = Listing(["check", "rows", "holds"])
        for verdict in verdicts {
            let verdictText = verdict.count == 0 ? verdict.check.sentence : "BROKEN: " + verdict.check.sentence
            table.add([.text(verdict.check.name), .integer(verdict.count), .text(verdictText)])
        }
        Console.data(table.table)
        for verdict in verdicts where verdict.count > 0 {
            var rows = Listing(["row", "finding"])
            for finding in verdict.findings { rows.add([.text(finding.key), .text(finding.detail)]) }
            Console.data("\n\(verdict.check.name): \(verdict.check.sentence)\n\(rows.table)")
            let left = verdict.count - Int64(verdict.findings.count)
            if left > 0 { Console.data("… and \(left) more (--limit)") }
        }
    }

    private func json(_ verdicts: [AuditVerdict]) -> String {
        JSONText.array(
            verdicts.map { verdict in
                JSONText.object([
                    ("check", JSONText.string(verdict.check.name)),
                    ("sentence", JSONText.string(verdict.check.sentence)), ("count", String(verdict.count)),
                    (
                        "findings",
                        JSONText.array(
                            verdict.findings.map {
                                JSONText.object([
                                    ("row", JSONText.string($0.key)), ("finding", JSONText.string($0.detail)),
                                ])
                            })
                    ),
                ])
            })
    }
}
