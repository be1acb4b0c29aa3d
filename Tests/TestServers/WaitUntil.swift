internal import Glibc
internal import Synchronization

/// Looks every 20 ms whether a condition holds; throws with `what` when it does not within `seconds`: far more than it
/// takes, since other tests and other work share the machine.
///
/// Blocks the calling thread: in an async test, call it inside `onThread`.
public func waitUntil(_ what: String, within seconds: Double = 90, _ condition: () throws -> Bool) throws {
    // Many waits in vain: the program is broken, not the machine busy. Then the other tests need not wait as long.
    let isBroken = waitsInVain.load(ordering: .relaxed) >= 8
    let seconds = isBroken ? min(seconds, 10) : seconds
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try !condition() {
        guard clock.now < deadline else {
            waitsInVain.add(1, ordering: .relaxed)
            throw TestServersError("not within \(seconds) s: \(what)")
        }
        poll(nil, 0, 20)
    }
}

private let waitsInVain = Atomic<Int>(0)
