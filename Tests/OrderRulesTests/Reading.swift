import OrderCore
import Testing

@testable import OrderRules

/// Reads one file, and others beside it.
func read(_ text: String, beside others: [String: String] = [:], known: KnownCodes = KnownCodes()) -> RuleReading {
    RuleReading(RuleFiles(texts: others.merging(["a.yaml": text]) { $1 }), known: known)
}

/// What is found, as it is shown.
func findings(
    _ text: String, beside others: [String: String] = [:], known: KnownCodes = KnownCodes()
) -> [String] {
    read(text, beside: others, known: known).findings.map(\.description)
}

/// The condition that stands under `when`, which begins on the fourth line.
func condition(_ text: String, phase: RulePhase = .review, lists: String = "") throws -> RuleCondition {
    let action = phase == .review ? "approve: true" : "tell: erp"
    let indented = text.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
    let reading = read(
        """
        rules:
          - name: r
            when:
        \(indented)
            phase: \(phase)
            then: {\(action)}
        \(lists)
        """)
    #expect(reading.findings.filter { $0.severity == .error } == [])
    return try #require(reading.set?.rules.first).condition
}

/// The actions that stand under `then`.
func actions(_ phase: RulePhase, _ text: String) throws -> [RuleAction] {
    let reading = read("rules: [{name: r, title: 标题, phase: \(phase), then: {\(text)}}]")
    #expect(reading.findings.isEmpty, "\(reading.findings)")
    return try #require(reading.set?.rules.first).actions
}
