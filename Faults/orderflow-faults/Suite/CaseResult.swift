import FaultAuditor

/// What came of one case.
struct CaseResult: Codable, Sendable {
    var id: String
    var title: String
    var seed: UInt64
    var seconds: Double
    var orders: Int
    var messages: Int
    var events: Int
    var lost: Int
    var duplicated: Int
    var unexpected: Int
    var recovered: Int
    var findings: [String]
    var measures: [Measure]

    var isClean: Bool { lost == 0 && duplicated == 0 && unexpected == 0 }

    init(
        _ id: String, _ title: String, seed: UInt64, seconds: Double, _ verdict: Verdict, orders: Int,
        _ measures: [Measure]
    ) {
        self.id = id
        self.title = title
        self.seed = seed
        self.seconds = seconds
        self.orders = orders
        self.measures = measures
        messages = verdict.messages
        events = verdict.events
        lost = verdict.lost
        duplicated = verdict.duplicated
        unexpected = verdict.unexpected
        recovered = verdict.recovered
        findings = verdict.findings
    }
}
