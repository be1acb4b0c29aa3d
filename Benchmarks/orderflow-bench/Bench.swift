internal import AMQP
internal import ArgumentParser
internal import Glibc
internal import Postgres

/// The program that plays a trading day and measures speed. Its servers are those of `ORDERFLOW_POSTGRES_URL` and
/// `ORDERFLOW_AMQP_URL`; the database and the vhost named there are its own, to be filled and emptied.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orderflow-bench", abstract: "Play a trading day, or measure speed.",
        subcommands: [
            DayCommand.self, QuickCommand.self, FullCommand.self, GrowthCommand.self, RulesCommand.self,
            CompareCommand.self, LanesCommand.self, UsualCommand.self,
        ])

    static func main() {
        // A reader that has gone away is an error to handle, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        main(nil)
    }
}

/// What ends the program early, as a sentence.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
