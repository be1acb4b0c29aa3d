internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow epoch`: what numbers of events count within.
struct EpochCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "epoch", abstract: "List epochs, and start one after the database was restored.",
        subcommands: [List.self, Start.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List epochs, the newest first.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let connection = try options.load().connectDatabase(isReading: true)
            let listing = Listing(
                of: try Epochs(connection: connection).all(),
                [
                    ("epoch", { .integer($0.number) }), ("startedAt", { .time($0.startedAt) }),
                    ("by", { .text($0.startedBy) }), ("reason", { .text($0.reason) }),
                ])
            output.write(listing, none: "there is none")
        }
    }

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a new epoch, once, after a restore to an earlier moment; needs the role that migrates.",
            discussion: """
                Numbers of events count from 1 again in it, under other ids, so that receivers can tell them from those that \
                they have and the database has lost. All workers must be stopped.
                """)

        @Option(help: ArgumentHelp("Who wants it.", valueName: "name"))
        var by: String

        @Option(help: "Why: what was restored, to which moment.")
        var reason: String

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            guard !by.isEmpty, !reason.isEmpty else { throw ValidationError("--by and --reason must not be empty") }
        }

        func run() throws {
            let epochs = Epochs(connection: try options.load().connectDatabase())
            if !yes {
                let current = try epochs.all().first?.number ?? 0
                try Confirmation.require("end epoch \(current) and start the next?")
            }
            let number = try epochs.start(by: by, reason: reason)
            Console.message("epoch \(number) has begun; start the workers")
        }
    }
}
