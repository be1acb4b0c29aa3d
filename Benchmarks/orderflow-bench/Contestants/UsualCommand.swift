internal import AMQP
internal import ArgumentParser
internal import Glibc
internal import Postgres
internal import Synchronization

/// `orderflow-bench usual`: the usual worker, as one writes it by hand: one message, one transaction, so many at a time.
struct UsualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usual", abstract: "Run the usual worker for a benchmark.", shouldDisplay: false)

    @Option(help: "The database.")
    var database: String

    @Option(help: "Messages at a time.")
    var threads = 32

    func run() throws {
        let stop = StopSignal()
        let servers = try Servers()
        let state = UsualState(running: threads)
        try stop.onSignal { state.stop() }
        for number in 1...threads {
            let handler = try UsualHandler(
                name: "usual \(number)", broker: try servers.broker,
                database: try servers.configuration(database: database))
            try PlainThread.start {
                do {
                    try handler.run { state.isStopping }
                } catch {
                    Terminal.note("usual worker: \(error)")
                    _exit(70)
                }
                state.end()
            }
        }
        while state.running > 0 { usleep(10_000) }
    }
}

/// What the threads of the usual worker share.
private final class UsualState: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let count: Atomic<Int>

    init(running: Int) { count = Atomic(running) }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }
    var running: Int { count.load(ordering: .relaxed) }

    func stop() { stopping.store(true, ordering: .relaxed) }
    func end() { count.subtract(1, ordering: .relaxed) }
}
