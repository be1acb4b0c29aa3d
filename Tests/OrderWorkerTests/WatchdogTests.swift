import AMQP
import Glibc
import Logging
import Postgres
import Synchronization
import TestServers
import Testing

@testable import OrderWorker

@Suite("P10: a lane that is stuck ends its process, one that could not run does not")
struct WatchdogTests {
    private let start = ContinuousClock.now

    @Test("a lane that makes no progress for longer than the limit is stuck")
    func stuck() {
        var watchdog = Watchdog(limit: .seconds(30), now: start)
        let found = (1...40).map { watchdog.finds(silence: .seconds($0), now: start + .seconds($0)) }
        #expect(found.firstIndex(of: true) == 30)
    }

    @Test("a process that was frozen as a whole has not been stuck; it is when it makes no progress once awake")
    func frozen() {
        var watchdog = Watchdog(limit: .seconds(30), now: start)
        let before = watchdog.finds(silence: .seconds(1), now: start + .seconds(1))
        let woken = watchdog.finds(silence: .seconds(100), now: start + .seconds(100))
        let found = (1...40).map { watchdog.finds(silence: .seconds(100 + $0), now: start + .seconds(100 + $0)) }
        #expect(!before)
        #expect(!woken)
        #expect(found.firstIndex(of: true) == 30)
    }

    @Test("a lane that waits for a silent database, with no broker there, shows that it waits")
    func silentDatabase() async throws {
        let longest = try await onThread {
            let settings = WorkerSettings(
                instance: "test", broker: try AMQPURL("amqp://localhost"),
                database: try PostgresConfiguration(uri: "postgresql://localhost"))
            let control = WorkerControl()
            let silence = LongestSilence(control)
            let lane = Lane(name: "lane", settings: settings, control: control, log: Logger(label: "lane"))
            let neverReady = WakeUp()
            withExtendedLifetime(neverReady) {
                lane.pump(until: .now + .seconds(12), descriptor: neverReady.descriptor)
            }
            return silence.end()
        }
        #expect(longest < .seconds(8))
    }
}

/// Watches as the watchdog does.
private final class LongestSilence: Sendable {
    private let longest = Mutex<Duration?>(.zero)

    init(_ control: WorkerControl) {
        detachThread { [self] in
            while note(control.longestSilence) { usleep(100_000) }
        }
    }

    private func note(_ silence: Duration) -> Bool {
        longest.withLock { longest in
            longest = longest.map { max($0, silence) }
            return longest != nil
        }
    }

    func end() -> Duration {
        longest.withLock { longest in
            defer { longest = nil }
            return longest ?? .zero
        }
    }
}
