internal import ArgumentParser
internal import Logging
internal import OrderStore
internal import OrderWorker
internal import Postgres

/// `orderflow worker`: takes messages until it is told to stop.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Take messages from the queues until SIGTERM; then drain and end with 0.",
        discussion: "Any number may run, on any number of machines. Servers that are away are waited for.")

    @Option(help: "Lanes in this process; 0: one a core. [default: worker.lanes]")
    var lanes: Int?

    @Flag(help: "Leave exchanges and queues as they are.")
    var noDeclare = false

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        var flags: [(path: String, value: String, flag: String)] = []
        if let lanes { flags.append((SettingKeys.lanes.path, String(lanes), "--lanes")) }
        if noDeclare { flags.append((SettingKeys.declaresTopology.path, "false", "--no-declare")) }
        let configuration = try options.load(flags)
        let settings = try WorkerSettings(configuration)
        try requireMigrated(configuration)
        let format = configuration[SettingKeys.logFormat]
        let level = Logger.Level(rawValue: configuration[SettingKeys.logLevel].rawValue) ?? .info
        let log = Logger(label: "orderflow") { _ in LineLogHandler(format: format, level: level) }
        let worker = Worker(settings, log: log)
        try StopSignals.onFirst {
            log.notice("told to stop: draining")
            worker.stop()
        }
        log.notice(
            "worker starts",
            metadata: [
                "instance": "\(settings.instance)", "lanes": "\(settings.lanes)", "broker": "\(settings.broker)",
                "database": "\(settings.database)",
            ])
        let reason = worker.run()
        log.notice("worker has ended")
        if let reason { throw Failure(.usage, reason) }
    }

    /// A schema that is not this program's never mends itself; a database that is away does.
    private func requireMigrated(_ configuration: Configuration) throws {
        do throws(PostgresError) {
            _ = try configuration.connectDatabase()
        } catch {
            guard case .unavailable = ExitStatus(error) else { throw error }
        }
    }
}
