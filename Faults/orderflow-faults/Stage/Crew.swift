import Foundation
import Glibc
import Synchronization
import TestServers
import TestSite

/// The worker processes of a stage: so many replicas, each replaced when it has ended, as an orchestrator would.
final class Crew: Sendable {
    /// What every worker is started with.
    struct Settings: Sendable {
        var lanes = 1
        var environment: [String: String] = [:]
        /// How a worker may end other than by our hand: the exit statuses, or numbers of signals below 0.
        var allowedEnds: Set<Int32> = []
    }

    private struct State {
        var workers: [WorkerProcess] = []
        var replicas = 0
        var settings = Settings()
        /// Variables of the next worker alone.
        var armed: [String: String]?
        var isArmedToEnd = false
        /// The one that was started with them.
        var lastArmed: WorkerProcess?
        /// Ended by our hand: nobody wonders how.
        var doomed: Set<pid_t> = []
        var strangeEnds: [String] = []
        var started = 0
    }

    private let site: Site
    private let state = Mutex(State())
    private let isOpen = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    init(_ site: Site) {
        self.site = site
        Thread.detachNewThread { [self] in
            while isOpen.load(ordering: .acquiring) {
                tend()
                usleep(20_000)
            }
            hasEnded.store(true, ordering: .releasing)
        }
    }

    /// From now on so many replicas; those above are told to end and drain.
    func scale(to replicas: Int, _ adjust: (inout Settings) -> Void = { _ in }) {
        let surplus = state.withLock { state in
            adjust(&state.settings)
            state.replicas = replicas
            let surplus = Array(state.workers.dropFirst(replicas))
            state.workers = Array(state.workers.prefix(replicas))
            state.doomed.formUnion(surplus.map(\.pid))
            return surplus
        }
        for worker in surplus { worker.terminate() }
    }

    /// Those that run now.
    var workers: [WorkerProcess] { state.withLock { $0.workers.filter(\.isRunning) } }

    /// How many were started so far.
    var started: Int { state.withLock(\.started) }

    /// The next worker that is started gets these variables too: ``lastArmed``.
    ///
    /// - Parameter isToEnd: they end it, and nobody wonders how.
    func armNext(_ environment: [String: String], isToEnd: Bool) {
        state.withLock { state in
            state.armed = environment
            state.isArmedToEnd = isToEnd
            state.lastArmed = nil
        }
    }

    /// The worker that was started with variables of its own. Another may have started before it, in the place of one that
    /// had ended just then.
    var lastArmed: WorkerProcess? { state.withLock(\.lastArmed) }

    /// SIGKILL to these; others take their places.
    func kill9(_ workers: [WorkerProcess]) {
        state.withLock { $0.doomed.formUnion(workers.map(\.pid)) }
        for worker in workers { worker.kill9() }
    }

    /// It will end by a failure point, or by what the test does to it.
    func expectEnd(of worker: WorkerProcess) { state.withLock { _ = $0.doomed.insert(worker.pid) } }

    /// SIGTERM to one; its exit status when it has drained. Another takes its place meanwhile.
    func drain(_ worker: WorkerProcess) throws -> Int32 {
        state.withLock { _ = $0.doomed.insert(worker.pid) }
        worker.terminate()
        return try worker.end(within: Double(WorkerProcess.drainSeconds) + 30)
    }

    /// Ends all of them in an orderly way; the statuses of those that did not end with 0, as sentences. One that hangs may
    /// have been given up by the broker, and end only now.
    func close() -> [String] {
        isOpen.store(false, ordering: .releasing)
        while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
        let (workers, strange, allowed) = state.withLock { ($0.workers, $0.strangeEnds, $0.settings.allowedEnds) }
        for worker in workers { worker.terminate() }
        let ends = workers.compactMap { worker -> String? in
            guard let status = try? worker.end(within: Double(WorkerProcess.drainSeconds) + 30) else {
                worker.kill9()
                return "worker \(worker.pid) did not end when it was told to"
            }
            let end = WaitStatus(status)
            return end.number == 0 || allowed.contains(end.number) ? nil : "worker \(worker.pid) ended with \(end)"
        }
        return strange + ends
    }

    /// Replaces those that have ended.
    private func tend() {
        let settings = state.withLock { state -> (Settings, Int, [String: String]?) in
            for worker in state.workers {
                guard let raw = worker.exitStatus, !state.doomed.contains(worker.pid) else { continue }
                let status = WaitStatus(raw)
                if !state.settings.allowedEnds.contains(status.number) {
                    state.strangeEnds.append("worker \(worker.pid) ended by itself with \(status)")
                }
            }
            state.workers.removeAll { $0.exitStatus != nil }
            let missing = max(0, state.replicas - state.workers.count)
            defer { if missing > 0 { state.armed = nil } }
            return (state.settings, missing, state.armed)
        }
        for index in 0..<settings.1 {
            let armed = index == 0 ? settings.2 ?? [:] : [:]
            let variables = settings.0.environment.merging(armed) { _, new in new }
            guard let worker = try? start(settings.0.lanes, variables) else { continue }
            state.withLock { state in
                state.workers.append(worker)
                if !armed.isEmpty {
                    state.lastArmed = worker
                    if state.isArmedToEnd { state.doomed.insert(worker.pid) }
                }
                state.started += 1
            }
        }
    }

    private func start(_ lanes: Int, _ environment: [String: String]) throws -> WorkerProcess {
        try WorkerProcess(
            postgresURL: site.servers.postgresURL(database: site.name),
            amqpURL: site.servers.amqpURL(vhost: site.name), lanes: lanes, environment: environment)
    }
}

/// How a process ended, as `waitpid` tells it.
struct WaitStatus: CustomStringConvertible {
    private let raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    /// The exit status, or the number of the signal below 0.
    var number: Int32 { raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F) }

    var description: String { number < 0 ? "signal \(-number)" : "exit status \(number)" }
}
