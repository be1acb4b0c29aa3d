/// Collects what is found while files are read, so that all mistakes are told in one go.
final class FindingList {
    private(set) var findings: [RuleFinding] = []

    func add(_ finding: RuleFinding) { findings.append(finding) }

    /// In the order in which they stand in the files, each once.
    var sorted: [RuleFinding] {
        var known: Set<RuleFinding> = []
        return findings.filter { known.insert($0).inserted }.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    }
}
