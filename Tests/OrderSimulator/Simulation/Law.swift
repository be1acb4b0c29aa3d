import OrderCore

/// What has to be so of every history.
package enum Law: String, CaseIterable, Sendable {
    /// The same serial order with any batching and any crashes ends identical.
    case batching
    /// Any order of arrival of valid orders and their facts, where nothing contends and no cancel or timer crosses, ends in
    /// the same states and money.
    case arrival
    /// Anything else ends in an outcome that the domain allows.
    case outcome

    /// The history that a seed makes for this law.
    package func history(seed: UInt64) -> History {
        switch self {
        case .batching: .wild(seed: seed)
        case .arrival: .calm(seed: seed)
        case .outcome: History.wild(seed: seed).disturbed()
        }
    }

    /// What of a history breaks the law; the laws that hold after every batch are part of each.
    package func problems(of history: History) -> [String] { judge(history).problems }

    package func judge(_ history: History) -> Verdict {
        switch self {
        case .batching: batching(history)
        case .arrival: arrival(history)
        case .outcome: outcome(history)
        }
    }

    /// What came of a history.
    package struct Verdict {
        package var problems: [String]
        package var plays: [Bench]
    }

    private func batching(_ history: History) -> Verdict {
        let alone = history.asSaid
        guard alone.broken.isEmpty else { return Verdict(problems: alone.broken, plays: [alone]) }
        var (together, cut) = (history.start, history.start)
        together.play(history.steps.map { $0.ending(nil) })
        cut.play(history.steps)
        var problems = together.broken + cut.broken
        if problems.isEmpty {
            problems += together.differences(from: alone).map { "in one batch: \($0)" }
            problems += cut.differences(from: alone).map { "cut anyhow: \($0)" }
        }
        return Verdict(problems: problems, plays: [alone, together, cut])
    }

    private func arrival(_ history: History) -> Verdict {
        var asSaid = history.asSaid
        asSaid.answerRequests()
        guard asSaid.broken.isEmpty else { return Verdict(problems: asSaid.broken, plays: [asSaid]) }
        var other = history.start
        other.play(history.steps.sorted { $0.rank < $1.rank })
        other.answerRequests()
        var problems = other.broken.isEmpty ? other.outcomeDifferences(from: asSaid) : other.broken
        if history.isWhole { problems += asSaid.leftOpen }
        return Verdict(problems: problems, plays: [asSaid, other])
    }

    private func outcome(_ history: History) -> Verdict {
        var bench = history.start
        bench.play(history.steps)
        bench.windUp()
        bench.checkEnd()
        return Verdict(problems: bench.broken, plays: [bench])
    }
}

extension Step {
    func ending(_ end: BatchEnd?) -> Step {
        var step = self
        step.end = end
        return step
    }
}
