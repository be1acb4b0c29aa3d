import Foundation

/// The results of one run of the suite.
struct FaultReport: Codable {
    var date = FaultReport.today
    var scale: String
    var seed: UInt64
    var results: [CaseResult]

    init(scale: Scale, seed: UInt64, results: [CaseResult]) {
        self.scale = scale.rawValue
        self.seed = seed
        self.results = results
    }

    /// The day, for the page.
    static var today: String { String(ISO8601DateFormatter().string(from: Date()).prefix(10)) }

    var isClean: Bool { results.allSatisfy(\.isClean) }

    /// The four counters and the figures, on the terminal.
    func print() {
        for result in results where !result.measures.isEmpty {
            for measure in result.measures {
                let limit = measure.limit.map { " (must be below \($0.short))" } ?? ""
                Terminal.note(
                    "\(result.id)  \(measure.name): \(measure.largest.short) \(measure.unit)\(limit), "
                        + "the largest of \(measure.count)")
            }
        }
        func sum(_ count: (CaseResult) -> Int) -> Int { results.reduce(0) { $0 + count($1) } }
        Terminal.note(
            "\(results.count(where: \.isClean)) of \(results.count) cases are clean: \(sum(\.orders)) orders, "
                + "\(sum(\.messages)) messages, \(sum(\.events)) events; lost \(sum(\.lost)), "
                + "duplicated \(sum(\.duplicated)), unexpected \(sum(\.unexpected)), recovered \(sum(\.recovered)); "
                + "seed \(seed)")
        // Once more at the end: of a log that is cut off, the end is what people see.
        for result in results where !result.isClean {
            Terminal.note("BROKEN \(result.id) \(result.title)")
            for finding in result.findings { Terminal.note("       \(finding)") }
        }
    }

    /// Writes it as JSON.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}

extension Double {
    /// As people write it: whole above a hundred, else with a digit or two.
    var short: String {
        if self >= 100 || self == rounded() { return String(Int(rounded())) }
        let places = self < 10 ? 100.0 : 10.0
        return String((self * places).rounded() / places)
    }
}
