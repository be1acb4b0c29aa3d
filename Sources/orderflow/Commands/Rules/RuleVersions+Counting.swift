internal import OrderCore
internal import OrderRules
internal import OrderStore

extension RuleVersions {
    /// The rules that count, as workers take them up; nil where none were ever published. A version that this program can't
    /// read ends the command: as no rules at all it would be taken for something that it is not.
    func counting() throws -> RuleSet? {
        guard let newest = try all().first else { return nil }
        let (version, files) = try chosen(newest.version)
        let reading = RuleReading(files, label: newest.label)
        guard let set = reading.set else {
            let mistake = reading.findings.first { $0.severity == .error }
            throw Failure(.findings, "version \(version) can't be read: \(mistake?.description ?? "it has no rules")")
        }
        return set
    }
}
