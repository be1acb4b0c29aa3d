internal import AMQP
internal import ArgumentParser
internal import OrderImport
internal import OrderWorker
internal import Postgres

/// `orderflow import`: sends the messages, stage by stage, each confirmed by the broker.
struct ImportSendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send the messages. (What `import` does without another word.)",
        discussion: """
            Rows that can't be read or used are told with file, line and reason; the others are sent. Before a stage of \
            the mapping begins, a worker has to have taken those before it: orders come when what they sell is known. \
            A message has the same id in each import, so that importing again is harmless.
            """)

    @OptionGroup var source: ImportSource

    @Flag(help: "Send nothing: write the messages to the standard output, a line each.")
    var dryRun = false

    @Option(
        help: "Write the rows that gave no message into this file: CSV, or JSON where its name ends so."
    )
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Keep in this file how far it came, and go on from there. [default: beside the report]",
            valueName: "file"))
    var resume: String?

    @Flag(
        help:
            "Send all stages at once; what is not known yet when an order is taken holds it until it is.")
    var noWait = false

    @Option(help: ArgumentHelp("How long no worker may take anything.", valueName: "seconds"))
    var patience = 60

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard patience > 0 else { throw ValidationError("--patience must be at least 1") }
    }

    func run() throws {
        var importing = try source.open()
        var summary = ImportSummary(importing)
        if dryRun {
            while let message = importing.next() {
                Console.data(String(decoding: message.body, as: UTF8.self))
                summary.made(message)
            }
        } else {
            try send(&importing, &summary)
        }
        summary.end(importing)
        if let report { try RefusalReport(refusals: summary.refusals).write(to: report) }
        Console.message(summary.text(isDry: dryRun, report: report))
        if summary.isFaulty { throw Failure(.findings, "") }
    }

    /// Wishes from a source that owns nothing are kept as conflicts: better told before.
    private func warnOfUnowned(_ mapping: Mapping, _ configuration: Configuration, user: String) {
        guard configuration[SettingKeys.owners].entries[user] == nil else { return }
        for source in mapping.sourcesOfWishes.sorted()
        where configuration[SettingKeys.sources].entries[source] == nil {
            Console.message(
                "\(source) is not in security.sources: workers that are configured like this command will not believe "
                    + "its order.cancel and the like")
        }
    }

    private func send(_ importing: inout ImportRun, _ summary: inout ImportSummary) throws {
        let configuration = try options.load()
        var progress = try ImportProgress(
            file: resume ?? report.map { $0 + ".state" }, fingerprint: importing.fingerprint)
        var barrier = try noWait ? nil : StageBarrier(configuration, patience: .seconds(patience))
        let connection = try configuration.connectBroker(.publishing)
        defer { connection.close() }
        warnOfUnowned(importing.mapping, configuration, user: connection.url.user)
        if progress.start > 0 {
            Console.message("going on after \(progress.start) messages that were confirmed")
        }
        var sender = ImportSender(connection, total: importing.plannedCount, start: progress.start)
        do {
            var stage: String?
            while let message = importing.next() {
                summary.made(message)
                if let before = stage, before != message.stage {
                    try sender.finish(&progress)
                    try barrier?.pass(after: before, before: message.stage, keepingAlive: connection)
                }
                stage = message.stage
                barrier?.expect(message)
                try sender.send(message, &progress)
            }
            try sender.finish(&progress)
        } catch {
            try? sender.keep(&progress)
            summary.settled(sender.counts)
            Console.endProgress()
            Console.message("stopped: \(progress.advice)")
            throw error
        }
        Console.endProgress()
        summary.settled(sender.counts)
        summary.add(sender.notTaken)
        try progress.end(isComplete: sender.notTaken.isEmpty)
    }
}
