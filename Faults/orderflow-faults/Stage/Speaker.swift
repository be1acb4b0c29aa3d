import FaultAuditor
import Foundation
import Glibc
import OrderSimulator
import Synchronization
import TestSite

/// Sends for everybody outside, on a thread of its own, and keeps the ledger: what stands there is confirmed once
/// `isIdle`, over whatever happens to the broker meanwhile.
final class Speaker: Sendable {
    private struct State {
        var ledger = Ledger()
        var waiting: [SentMessage] = []
        var echoes: [(at: ContinuousClock.Instant, message: SentMessage, fate: Ledger.Fate)] = []
        var random: SeededGenerator
        var echoPercent = 0
        var mostEchoes = 1
        var echoSeconds = 2.0
        /// Of those that its sender has, so many are not confirmed.
        var sending = 0
    }

    private let state: Mutex<State>
    private let isOpen = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    /// - Parameter makeSender: the connection lives on the speaker's thread.
    init(seed: UInt64, makeSender: @escaping @Sendable () -> Sender) {
        state = Mutex(State(random: SeededGenerator(seed: seed)))
        Thread.detachNewThread { [self] in
            run(makeSender())
            hasEnded.store(true, ordering: .releasing)
        }
    }

    /// Of a hundred messages so many are said again, at most so often, within so many seconds.
    func echo(percent: Int, most: Int = 1, within seconds: Double = 2) {
        state.withLock { state in
            state.echoPercent = percent
            state.mostEchoes = most
            state.echoSeconds = seconds
        }
    }

    /// Takes a message.
    func say(_ message: SentMessage, fate: Ledger.Fate = .effect) {
        state.withLock { state in
            state.ledger.add(Ledger.Entry(message, fate))
            state.waiting.append(message)
            guard state.random.chance(percent: state.echoPercent) else { return }
            for _ in 0..<Int.random(in: 1...state.mostEchoes, using: &state.random) {
                let delay = Double.random(in: 0..<state.echoSeconds, using: &state.random)
                state.echoes.append((.now + .seconds(delay), message, fate))
            }
        }
    }

    /// All that was said so far.
    var ledger: Ledger { state.withLock(\.ledger) }

    /// Everything that was said is confirmed by the broker.
    var isIdle: Bool { state.withLock { $0.waiting.isEmpty && $0.echoes.isEmpty && $0.sending == 0 } }

    /// How many messages were said and are not confirmed; those that will be said again later don't count.
    var pendingCount: Int { state.withLock { $0.waiting.count + $0.sending } }

    func close() {
        isOpen.store(false, ordering: .releasing)
        while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
    }

    private func run(_ sender: Sender) {
        defer { sender.close() }
        while isOpen.load(ordering: .acquiring) {
            let next = state.withLock { state in
                let now = ContinuousClock.now
                for echo in state.echoes where echo.at <= now {
                    state.ledger.add(Ledger.Entry(echo.message, echo.fate))
                    state.waiting.append(echo.message)
                }
                state.echoes.removeAll { $0.at <= now }
                defer { state.waiting = [] }
                state.sending += state.waiting.count
                return state.waiting
            }
            for message in next { sender.send(message) }
            sender.turn(waiting: 5)
            state.withLock { $0.sending = sender.pendingCount }
        }
    }
}

extension Ledger.Entry {
    init(_ message: SentMessage, _ fate: Ledger.Fate) {
        self.init(
            source: message.source, id: message.id, type: message.type, routingKey: message.key, body: message.body,
            user: message.user, fate: fate)
    }
}
