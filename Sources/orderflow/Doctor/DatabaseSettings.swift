internal import Postgres

/// The server's settings that promises depend on.
struct DatabaseSettings {
    let diagnoses: [Diagnosis]

    init(_ connection: PostgresConnection) throws(PostgresError) {
        var found: [String: String] = [:]
        for row in try connection.query(
            "SELECT name, setting FROM pg_settings WHERE name = ANY ($1)", [.textArray(Self.rules.map(\.name))])
        {
            found[try row.text(0)] = try row.text(1)
        }
        var diagnoses = Self.rules.compactMap { rule -> Diagnosis? in
            guard let value = found[rule.name], !rule.isGood(value) else { return nil }
            let text = "\(rule.name) is \(value): \(rule.danger)"
            return Diagnosis(about: "setting", state: rule.state, text: text, mend: rule.mend)
        }
        if diagnoses.isEmpty {
            diagnoses = [
                .ok("settings", Self.rules.map { "\($0.name) \(found[$0.name] ?? "?")" }.joined(separator: ", "))
            ]
        }
        if try connection.query("SELECT pg_is_in_recovery()").only().bool(0) {
            diagnoses.append(
                .wrong(
                    "database", "it is a standby", mend: "name the primary in postgres.url, or all hosts of the cluster"
                ))
        }
        self.diagnoses = diagnoses
    }

    private struct Rule: Sendable {
        let name: String
        let state: Diagnosis.State
        let isGood: @Sendable (String) -> Bool
        let danger: String
        let mend: String
    }

    private static let rules = [
        Rule(
            name: "fsync", state: .wrong, isGood: { $0 == "on" }, danger: "a crash may lose or corrupt everything",
            mend: "set fsync = on"),
        Rule(
            name: "full_page_writes", state: .wrong, isGood: { $0 == "on" }, danger: "a crash may corrupt pages",
            mend: "set full_page_writes = on"),
        Rule(
            name: "synchronous_commit", state: .wrong, isGood: { $0 != "off" },
            danger: "a crash may lose what was acknowledged already", mend: "set synchronous_commit = on"),
        Rule(
            name: "wal_level", state: .warning, isGood: { $0 != "minimal" },
            danger: "neither a standby nor a point-in-time restore is possible", mend: "set wal_level = replica"),
        Rule(
            name: "autovacuum", state: .wrong, isGood: { $0 == "on" }, danger: "the outbox grows slow within hours",
            mend: "set autovacuum = on"),
        Rule(
            name: "max_locks_per_transaction", state: .warning, isGood: { Int($0) ?? 0 >= 64 },
            danger: "dropping and checking many partitions may run out of locks",
            mend: "set max_locks_per_transaction = 64 or more"),
        Rule(
            name: "idle_session_timeout", state: .warning, isGood: { $0 == "0" },
            danger: "it ends the sessions of people and tools; workers set their own",
            mend: "set idle_session_timeout = 0 for the server, or leave it and expect reconnects"),
        Rule(
            name: "max_prepared_transactions", state: .warning, isGood: { $0 == "0" },
            danger: "a forgotten prepared transaction keeps locks for ever; nothing here needs any",
            mend: "set max_prepared_transactions = 0 unless something else needs it"),
    ]
}
