internal import OrderCore
internal import Postgres

/// Looks at the rules that count: can this program read them, and whom do they name.
struct RulesDoctor {
    let configuration: Configuration

    /// The receivers that the rules name, and what was found. Of a database that is away others tell.
    func examine(isQuick: Bool) -> (receivers: Set<String>, diagnoses: [Diagnosis]) {
        guard !isQuick else { return ([], []) }
        do {
            let connection = try configuration.connectDatabase(isReading: true)
            // A frozen server must not freeze the look at the broker.
            connection.responseTimeoutMilliseconds = 5_000
            guard let set = try configuration.countingRules(connection) else {
                return ([], [.ok("rules", "there are none")])
            }
            return (set.receivers, [.ok("rules", "\(set.label): \(Quantity.text(set.rules.count, "rule"))")])
        } catch let failure as Failure {
            return (
                [],
                [
                    .wrong(
                        "rules", failure.description,
                        mend: "workers that can't read it go on with what they had: update them, or `orderflow rules "
                            + "rollback` to a version that this program reads")
                ]
            )
        } catch {
            return ([], [])
        }
    }
}
