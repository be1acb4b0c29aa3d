internal import OrderCore
internal import OrderRules
internal import OrderStore
internal import Postgres

extension Configuration {
    /// The rules that count, as workers take them up: the newest version that was published, as long as there is none those of
    /// the configured folder; nil where there is neither.
    func countingRules(_ connection: PostgresConnection) throws -> RuleSet? {
        let versions = RuleVersions(connection: connection)
        if let newest = try versions.all().first { return try versions.rules(newest.version).set }
        let folder = self[SettingKeys.rulesFolder]
        guard !folder.isEmpty else { return nil }
        return try RuleReading(RulesFolder.files(folder)).usable(folder)
    }
}

extension RuleVersions {
    /// A version with its files, the newest unless told; what is not there ends the command.
    func chosen(_ version: Int64?) throws -> (version: Int64, files: RuleFiles) {
        guard let version = try version ?? all().first?.version else {
            throw Failure(.findings, "no rules were ever published: `orderflow rules publish`")
        }
        let files = try files(of: version)
        guard !files.isEmpty else { throw Failure(.findings, "there is no version \(version)") }
        return (version, RuleFiles(texts: files))
    }

    /// The same with its rules, which this program can read.
    func rules(_ version: Int64?) throws -> (files: RuleFiles, set: RuleSet) {
        let (version, files) = try chosen(version)
        return (files, try RuleReading(files, label: "v\(version)").usable("version \(version)"))
    }
}

extension RuleReading {
    /// The rules. What this program can't read ends the command: as no rules at all it would be taken for something that it
    /// is not.
    func usable(_ name: String) throws(Failure) -> RuleSet {
        if let set { return set }
        let mistake = findings.first { $0.severity == .error }
        throw Failure(.findings, "\(name) can't be read: \(mistake?.description ?? "it has no rules")")
    }
}
