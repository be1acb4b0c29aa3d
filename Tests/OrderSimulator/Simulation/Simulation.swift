/// Seeded histories against the laws: the first instrument of the fault suite. No I/O, no clock.
package enum Simulation {
    /// So many failures are shrunk and told; then the rest is left alone.
    private static let failuresTold = 5
    /// Histories between two looks at how far it is.
    private static let stride: UInt64 = 50

    /// The seeds of so many histories: each makes one for every law.
    package static func seeds(forHistories count: UInt64) -> Range<UInt64> {
        let each = UInt64(Law.allCases.count)
        return 0..<(count + each - 1) / each
    }

    /// Puts the histories of these seeds to the laws.
    ///
    /// - Parameters:
    ///   - threads: how many histories are played at a time.
    ///   - progress: what has come of it so far; told now and then.
    package static func run(
        seeds: Range<UInt64>, threads: Int, progress: (Report) -> Void = { _ in }
    ) async -> Report {
        await withTaskGroup(of: Report.self) { group in
            var report = Report()
            var next = seeds.lowerBound
            func start() {
                guard next < seeds.upperBound, report.failures.count < failuresTold else { return }
                let part = next..<min(next + stride, seeds.upperBound)
                next = part.upperBound
                let seen = report.coverage
                group.addTask { await play(part, beside: seen) }
            }
            for _ in 0..<max(1, threads) { start() }
            while let part = await group.next() {
                report.add(part)
                progress(report)
                start()
            }
            return report
        }
    }

    /// - Parameter seen: what has occurred in other histories.
    private static func play(_ seeds: Range<UInt64>, beside seen: Coverage) async -> Report {
        var report = Report()
        report.coverage = seen
        for seed in seeds where report.failures.count < failuresTold {
            let wild = History.wild(seed: seed)
            report.judge(wild, .batching)
            report.judge(wild.disturbed(), .outcome)
            report.judge(.calm(seed: seed), .arrival)
            // Others have to get on meanwhile.
            await Task.yield()
        }
        return report
    }

    /// What has come of the histories.
    package struct Report: Sendable {
        /// Histories: each seed makes one for every law.
        package var histories = 0
        /// Histories by law.
        package var laws: [Law: Int] = [:]
        /// Messages that arrived.
        package var messages = 0
        /// What occurred in them.
        package var coverage = Coverage()
        /// The first histories that broke a law.
        package var failures: [Failure] = []

        mutating func judge(_ history: History, _ law: Law) {
            laws[law, default: 0] += 1
            histories += 1
            let verdict = law.judge(history)
            for (place, play) in verdict.plays.enumerated() {
                messages += play.outcomes.count
                // However it is cut into batches, the same occurs.
                if law != .batching || place == 0 { coverage.count(play) }
            }
            if !verdict.problems.isEmpty {
                failures.append(Failure(law: law, problems: verdict.problems, history: history))
            }
        }

        mutating func add(_ other: Report) {
            histories += other.histories
            laws.merge(other.laws) { $0 + $1 }
            messages += other.messages
            coverage.add(other.coverage)
            failures += other.failures
        }
    }

    /// A history that broke a law.
    package struct Failure: Sendable, CustomStringConvertible {
        package let seed: UInt64
        package let law: Law
        /// What broke it.
        package let problems: [String]
        /// How many messages it had.
        package let messages: Int
        /// What is left of it when all is left out that it fails without.
        package let shrunk: History

        init(law: Law, problems: [String], history: History) {
            seed = history.seed
            self.law = law
            messages = history.steps.count
            shrunk = law.shrunk(history)
            let left = law.problems(of: shrunk)
            self.problems = left.isEmpty ? problems : left
        }

        /// The problem, the history that is left, and how it is written down as a regression.
        package var description: String {
            """
            seed \(seed) breaks \(law.rawValue): \(problems.prefix(4).joined(separator: "; "))
            \(shrunk.steps.count) of \(messages) messages:
            \(shrunk.text)
            \(Regression(law, shrunk))
            """
        }
    }
}
