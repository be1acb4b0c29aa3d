internal import AMQP
internal import ArgumentParser
internal import Glibc
internal import Logging
internal import OrderWorker
internal import Postgres

/// `orderflow-bench lanes`: a worker process as it is, for a run.
struct LanesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lanes", abstract: "Run a worker process for a benchmark.", shouldDisplay: false)

    @Option(help: "The database.")
    var database: String

    @Option(help: "Lanes.")
    var lanes = 1

    @Option(help: "Most messages of a batch.")
    var batch = 200

    func run() throws {
        let servers = try Servers()
        var settings = WorkerSettings(
            instance: "bench", broker: try servers.broker, database: try servers.configuration(database: database))
        settings.lanes = lanes
        settings.batchMessages = batch
        // As much room for each as there is by default.
        settings.batchBytes = max(settings.batchBytes, batch * settings.batchBytes / 200)
        settings.declaresTopology = false
        var log = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .warning
        let worker = Worker(settings, log: log)
        let stop = StopSignal()
        try stop.onSignal { worker.stop() }
        worker.run()
    }
}
