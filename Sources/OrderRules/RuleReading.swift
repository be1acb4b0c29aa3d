public import OrderCore

/// Rules read from their files: a set that can be used whole, or what is wrong with it; never a part.
public struct RuleReading: Sendable {
    /// What was read.
    public let files: RuleFiles
    /// The rules; nil where anything is an error.
    public let set: RuleSet?
    /// The examples beside them; none where anything is an error.
    public let examples: [RuleExample]
    /// What is wrong or doubtful, in the order in which it stands in the files.
    public let findings: [RuleFinding]

    /// Reads rules.
    ///
    /// - Parameters:
    ///   - label: What journals call the set.
    ///   - known: Codes of warehouses and carriers, where they are at hand.
    ///   - now: When it is; without it nobody is warned of rules whose time is over.
    public init(
        _ files: RuleFiles, label: String = "files", known: KnownCodes = KnownCodes(), now: Timestamp? = nil
    ) {
        self.files = files
        let findings = FindingList()
        let roots = files.ruleNames.compactMap { name in
            files.texts[name].flatMap { RuleNode.root(of: $0, file: name, findings) }
        }.compactMap { $0.members(FileKey.keys) }
        let context = RuleContext(known: known, now: now)
        let lists = ListReader(files: files, context: context)
        for root in roots { root["lists"].map(lists.read) }
        let tables = TableReader(files: files, context: context)
        let places = PlaceReader(context: context)
        for root in roots {
            root["tables"].map(tables.read)
            root["warehouses"].map(places.readWarehouses)
            root["carriers"].map(places.readCarriers)
        }
        let reader = RuleReader(context: context)
        let rules = roots.flatMap { $0["rules"]?.elements() ?? [] }.compactMap(reader.read)
        let shares = ShareReader(context: context).read(roots.compactMap { $0[FileKey.stockShares.rawValue] })
        // With the entries of lists in their place.
        let whole = rules.map { $0.spelledOut(context) }
        SetCheck(rules: whole).check()
        PlaceCheck(rules: whole, context: context).check()
        context.warn()
        context.tables.warn()
        if !roots.contains(where: { $0["zone"] != nil }) {
            context.clock?.keyWarning("no file has a `zone`: times of day and days of the week are those of UTC")
        }

        var set = RuleSet(label: label)
        set.zoneSeconds = Self.zone(roots)
        set.lists = context.lists.mapValues(\.list)
        (set.tables, set.warehouses, set.carriers) = (context.tables.values, context.warehouses, context.carriers)
        set.rules = rules.map(\.rule)
        set.shares = shares
        let names = Dictionary(set.rules.map { ($0.name, $0.phase) }) { first, _ in first }
        let exampleReader = ExampleReader(context: context, phases: names)
        let examples = roots.flatMap { $0["examples"]?.elements() ?? [] }.compactMap(exampleReader.read)

        self.findings = findings.sorted
        let isWrong = self.findings.contains { $0.severity == .error }
        self.set = isWrong ? nil : set
        self.examples = isWrong ? [] : examples
    }

    /// Whether anything keeps the rules from being used.
    public var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// The zone is given once in the folder, or not at all.
    private static func zone(_ roots: [[String: RuleNode]]) -> Int64 {
        let given = roots.compactMap { $0["zone"] }
        for repeated in given.dropFirst() {
            repeated.keyError("`zone` is given once for all files: \(given[0].keyPlace)")
        }
        return given.first.flatMap { $0.zone() } ?? 0
    }
}
