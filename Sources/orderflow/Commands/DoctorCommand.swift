internal import ArgumentParser

/// `orderflow doctor`: each dependency and setting, what is wrong, and how to mend it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at every dependency and setting; tell what is wrong and how to mend it.",
        discussion:
            "Warnings leave the exit status at 0. A server that is away makes it 3, anything else that is wrong 1.")

    @Flag(help: "Only whether the servers are there and the database is migrated: a health check.")
    var quick = false

    @Option(help: ArgumentHelp("How long a transaction may be open before it is told.", valueName: "seconds"))
    var patience = 300

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard patience > 0 else { throw ValidationError("--patience must be at least 1") }
    }

    func run() throws {
        let configuration = try options.load()
        var diagnoses = DatabaseDoctor(configuration: configuration, patienceSeconds: patience).examine(isQuick: quick)
        let rules = RulesDoctor(configuration: configuration).examine(isQuick: quick)
        diagnoses += rules.diagnoses
        diagnoses += BrokerDoctor(configuration: configuration, receivers: rules.receivers).examine(isQuick: quick)
        if !quick { diagnoses += security(configuration) }
        switch output.format {
        case .json: Console.data(listing(diagnoses).json)
        case .table: Console.data(text(diagnoses))
        }
        let bad = diagnoses.filter { $0.state == .wrong || $0.state == .away }
        guard !bad.isEmpty else { return }
        throw Failure(bad.contains { $0.state == .away } ? .unavailable : .findings, "\(bad.count) things are wrong")
    }

    private func listing(_ diagnoses: [Diagnosis]) -> Listing {
        Listing(
            of: diagnoses,
            [
                ("about", { .text($0.about) }), ("state", { .text($0.state.rawValue) }),
                ("finding", { .text($0.text) }),
                ("mend", { .text($0.mend) }),
            ])
    }

    /// What to do stands under what is wrong: beside it, lines would be longer than a terminal.
    private func text(_ diagnoses: [Diagnosis]) -> String {
        let width = diagnoses.map { TextWidth.columns($0.about) }.max() ?? 0
        return diagnoses.map { diagnosis in
            let state = TextWidth.padded(diagnosis.state.rawValue, to: 7)
            let about = TextWidth.padded(diagnosis.about, to: width)
            let line = "\(state)  \(about)  \(diagnosis.text)"
            let indent = String(repeating: " ", count: 7 + 2 + width + 2)
            return diagnosis.mend.isEmpty ? line : "\(line)\n\(indent)-> \(diagnosis.mend)"
        }.joined(separator: "\n")
    }

    private func security(_ configuration: Configuration) -> [Diagnosis] {
        guard configuration[SettingKeys.staff].entries.isEmpty else { return [] }
        return [
            .warning(
                "staff", "no broker user may give staff commands", mend: "list users and their roles in security.staff")
        ]
    }
}
