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
}
