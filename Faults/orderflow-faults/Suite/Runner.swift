import FaultAuditor
import Foundation
import Glibc
import Synchronization
import TestServers
import TestSite

/// Runs cases, a few at a time: most of them wait most of the time.
final class Runner: Sendable {
    private struct State {
        var waiting: [FaultCase]
        var running: [String] = []
        var results: [CaseResult] = []
    }

    private let scale: Scale
    private let seed: UInt64
    private let total: Int
    private let state: Mutex<State>
    private let start = ContinuousClock.now

    init(_ cases: [FaultCase], _ scale: Scale, seed: UInt64) {
        self.scale = scale
        self.seed = seed
        total = cases.count
        state = Mutex(State(waiting: cases.filter(\.isLong) + cases.filter { !$0.isLong }))
    }

    /// Runs all of them; the results in the order of the catalogue.
    func run(atOnce places: Int) -> [CaseResult] {
        for _ in 0..<min(places, total) { Thread.detachNewThread { [self] in work() } }
        while state.withLock({ $0.results.count }) < total {
            usleep(200_000)
            showProgress()
        }
        Terminal.endTicks()
        let order = FaultCase.all.map(\.id)
        return state.withLock(\.results).sorted {
            order.firstIndex(of: $0.id) ?? 0 < order.firstIndex(of: $1.id) ?? 0
        }
    }

    private func work() {
        while let next = take() {
            let begin = ContinuousClock.now
            let result = Self.play(next, scale, seed: seed)
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            state.withLock { state in
                state.running.removeAll { $0 == next.id }
                state.results.append(result)
            }
            Terminal.endTicks()
            let counters =
                "lost \(result.lost), duplicated \(result.duplicated), unexpected \(result.unexpected), "
                + "recovered \(result.recovered)"
            Terminal.note(
                "\(result.isClean ? "clean " : "BROKEN") \(result.id) \(result.title): \(result.orders) orders, "
                    + "\(result.messages) messages, \(result.events) events; \(counters); \(Int(seconds)) s")
            for finding in result.findings { Terminal.note("       \(finding)") }
        }
    }

    private func take() -> FaultCase? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let next = state.waiting.removeFirst()
            state.running.append(next.id)
            return next
        }
    }

    private func showProgress() {
        let (done, running) = state.withLock { ($0.results.count, $0.running) }
        let width = 30
        let filled = width * done / max(total, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        Terminal.tick("\(bar) \(done) of \(total)  \(seconds) s  \(running.joined(separator: " "))")
    }

    /// Plays one case on servers of its own.
    private static func play(_ fault: FaultCase, _ scale: Scale, seed: UInt64) -> CaseResult {
        let start = ContinuousClock.now
        let seed = fault.id.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let instance = TestServers.uniqueName("fault-\(fault.id.lowercased())")
        var verdict = Verdict()
        var measures: [Measure] = []
        var orders = 0
        do {
            let pair = try ServerPair.start(instance)
            defer { try? pair.stop() }
            try Site.run(workers: 0, lanes: 0, on: .own(pair)) { site in
                let stage = try Stage(site, pair, instance: instance, scale, seed: seed)
                defer { stage.close() }
                do {
                    try fault.run(stage)
                    verdict = try stage.settle()
                    orders = (try? stage.takenOrders()) ?? 0
                } catch {
                    verdict.addUnexpected("the case ended early: \(error)")
                    for finding in stage.findings { verdict.addUnexpected(finding) }
                }
                measures = stage.measures
            }
        } catch {
            verdict.addUnexpected("no stage: \(error)")
        }
        return CaseResult(
            fault.id, fault.title, seed: seed, seconds: (ContinuousClock.now - start) / .seconds(1), verdict,
            orders: orders, measures)
    }
}
