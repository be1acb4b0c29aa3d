internal import OrderCore

/// All examples of a folder, run against its rules.
public struct RuleTrial: Sendable {
    /// How many examples there are.
    public let count: Int
    /// How many are not as expected.
    public let failed: Int
    /// Each difference, with its place.
    public let differences: [RuleFinding]

    /// Runs the examples of rules that were read without errors.
    public init(_ reading: RuleReading) {
        count = reading.examples.count
        guard let set = reading.set else {
            (failed, differences) = (0, [])
            return
        }
        let book = RuleBook(set)
        let results = reading.examples.map { $0.differences(from: book) }
        failed = results.count { !$0.isEmpty }
        differences = results.flatMap { $0 }.sorted { $0.place < $1.place }
    }
}
