internal import AMQP
internal import ArgumentParser
internal import Glibc
internal import OrderCore
internal import OrderRules
internal import Postgres
internal import TradingDay

/// `orderflow-bench day`: lets a trading day flow through two workers, and shows what came of it.
struct DayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "day", abstract: "Let a trading day flow through workers, and show what came of it.",
        discussion:
            "Expects a migrated database and declared queues, both empty. Exits with 1 if anything is not right.")

    @Option(help: ArgumentHelp("The orderflow program.", valueName: "path"))
    var orderflow: String

    @Option(
        help: ArgumentHelp(
            "The rules that were published: their receivers listen too, and the page tells what they decided.",
            valueName: "folder"))
    var rules: String?

    @Option(help: ArgumentHelp("Where configuration and logs of the workers are put.", valueName: "folder"))
    var state: String

    @Option(help: "Another seed is another day.")
    var seed: UInt64 = 1

    @Option(help: "How many orders are placed.")
    var orders = 2_000

    @Option(help: ArgumentHelp("How long the day is.", valueName: "seconds"))
    var span = 12

    @Option(help: "How many worker processes run.")
    var workers = 2

    @Option(help: ArgumentHelp("How long to wait until everything is settled.", valueName: "seconds"))
    var deadline = 90

    func run() throws {
        let servers = try Servers()
        var settings = TradingDay.Settings(
            start: Moment(seconds: Int64(time(nil))), staffUser: try servers.broker.user)
        settings.seed = seed
        settings.orders = orders
        settings.spanMilliseconds = Int64(span) * 1_000
        let set = try rules.flatMap { folder in RuleReading(try RuleFiles(folder: folder)).set }
        settings.namedReceivers = set?.receivers ?? []
        let day = TradingDay(settings)
        let file = state + "/orderflow.yaml"
        try WorkerConfiguration(day, servers).write(to: file)

        let crew = try Crew(orderflow, configuration: file, count: workers, logFolder: state)
        let report = try DayPlay(day, servers, crew, deadlineSeconds: deadline).run()
        let endings = crew.stop()
        let connection = try servers.connect()
        DayPage(report: report, day: day, rules: set, connection: connection).print()
        let audit = try Audit(orderflow, configuration: file, state: state).run()
        try NextSteps(orderflow: orderflow, configuration: file, connection: connection).print()

        var faults = report.faults
        for (index, ending) in endings.enumerated() where ending != 0 {
            faults.append("worker \(index + 1) ended with \(ending), see \(crew.logFiles[index])")
        }
        if audit != 0 { faults.append("the audit has found something") }
        guard faults.isEmpty else {
            for fault in faults { Terminal.note("demo: " + fault) }
            throw ExitCode(1)
        }
    }
}

/// `orderflow audit`, with its verdict.
private struct Audit {
    let orderflow: String
    let configuration: String
    let state: String

    init(_ orderflow: String, configuration: String, state: String) {
        self.orderflow = orderflow
        self.configuration = configuration
        self.state = state
    }

    func run() throws -> Int32 {
        let file = state + "/audit.txt"
        let status = try ChildProcess.run(
            [orderflow, "audit", "--config", configuration, "--patience", "5"], logFile: file)
        Terminal.say("Audit")
        if status == 0 {
            Terminal.say("  every promise holds in the database (\(file))")
        } else {
            Terminal.say("  BROKEN, status \(status):")
            _ = try ChildProcess.run(["cat", file])
        }
        return status
    }
}
