internal import OrderCore
internal import OrderRules
internal import OrderStore
internal import Postgres

extension Configuration {
    /// The rules that count, as workers take them up: the newest version that was published, as long as there is none those of
    /// the configured folder; nil where there is neither. What this program can't read ends the command: as no rules at all
    /// it would be taken for something that it is not.
    func countingRules(_ connection: PostgresConnection) throws -> RuleSet? {
        let versions = RuleVersions(connection: connection)
        if let newest = try versions.all().first {
            let (version, files) = try versions.chosen(newest.version)
            return try Self.rules(files, label: newest.label, named: "version \(version)")
        }
        let folder = self[SettingKeys.rulesFolder]
        guard !folder.isEmpty else { return nil }
        let files: RuleFiles
        do throws(RuleFilesError) {
            files = try RuleFiles(folder: folder)
        } catch {
            throw Failure(.usage, error.description)
        }
        return try Self.rules(files, label: "files", named: folder)
    }

    private static func rules(_ files: RuleFiles, label: String, named name: String) throws(Failure) -> RuleSet {
        let reading = RuleReading(files, label: label)
        guard let set = reading.set else {
            let mistake = reading.findings.first { $0.severity == .error }
            throw Failure(.findings, "\(name) can't be read: \(mistake?.description ?? "it has no rules")")
        }
        return set
    }
}
