/// Collects what is found while files are read, so that all mistakes are told in one go.
final class FindingList {
    private(set) var findings: [RuleFinding] = []

    /// Values that were looked at. Aliases within aliases can make a small file stand for more than any machine reads.
    private var visits = 0
    private static let mostVisits = 500_000

    /// Whether so many more values may be looked at; the first time that they may not, it is told.
    func visit(_ count: Int, at place: @autoclosure () -> RulePlace) -> Bool {
        guard visits <= Self.mostVisits else { return false }
        visits += count
        guard visits > Self.mostVisits else { return true }
        let text = "more than \(Self.mostVisits) values in all: aliases multiply what they stand for"
        add(RuleFinding(.error, place(), path: "", text))
        return false
    }

    func add(_ finding: RuleFinding) { findings.append(finding) }

    /// In the order in which they stand in the files, each once.
    var sorted: [RuleFinding] {
        var known: Set<RuleFinding> = []
        return findings.filter { known.insert($0).inserted }.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    }
}
