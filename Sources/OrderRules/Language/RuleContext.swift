public import OrderCore

/// Codes that rules may name, where they are known; nil: not checked.
public struct KnownCodes: Hashable, Sendable {
    /// Of warehouses.
    public var warehouses: Set<String>?
    /// Of carriers.
    public var carriers: Set<String>?
    /// Of channels and partners.
    public var sellers: Set<String>?
    /// The warehouses as their owners tell of them, by code.
    public var places: [String: Warehouse]?

    /// Checks no code that is not given.
    public init(warehouses: Set<String>? = nil, carriers: Set<String>? = nil) {
        self.warehouses = warehouses
        self.carriers = carriers
    }

    /// What a database knows.
    public init(places: [Warehouse], sellers: Set<String>) {
        // Before their owners have told of any, nothing can be said of names.
        if !sellers.isEmpty { self.sellers = sellers }
        guard !places.isEmpty else { return }
        self.places = Dictionary(places.map { ($0.code, $0) }) { first, _ in first }
        warehouses = Set(places.map(\.code))
    }
}

/// What all rules of a folder share while they are read.
final class RuleContext {
    let known: KnownCodes
    /// When it is checked; nil: nobody knows.
    let now: Timestamp?
    /// What parcels cost and how far they go.
    let tables = PlacedTables()
    /// What operations say of warehouses.
    var warehouses: [String: WarehouseRule] = [:]
    /// What operations say of carriers.
    var carriers: [String: CarrierRule] = [:]
    private(set) var lists: [String: PlacedList] = [:]
    private var used: Set<String> = []
    /// The first test of a time of day or a day of the week.
    private(set) var clock: RuleNode?

    struct PlacedList {
        var list: RuleList
        var node: RuleNode
    }

    init(known: KnownCodes, now: Timestamp? = nil) {
        self.known = known
        self.now = now
    }

    /// Takes a list; false where its name is taken.
    func add(_ name: String, _ list: PlacedList) -> Bool {
        guard lists[name] == nil else { return false }
        lists[name] = list
        return true
    }

    /// Whether there is such a list; it counts as used.
    func use(_ name: String) -> Bool {
        used.insert(name)
        return lists[name] != nil
    }

    /// Notes that a rule looks at the clock of a zone.
    func useClock(_ node: RuleNode) {
        if clock == nil { clock = node }
    }

    /// Warns of the lists that no rule names, and of those with nothing in them.
    func warn() {
        for (name, placed) in lists {
            if !used.contains(name) { placed.node.keyWarning("no rule uses the list `\(name)`") }
            if placed.list.entries.isEmpty { placed.node.keyWarning("the list `\(name)` has nothing in it") }
        }
    }

    /// A warehouse that a rule names: where no database is at hand, it should be one that the folder tells of.
    func checkWarehouse(_ code: String, _ node: RuleNode) {
        if let problem = problem(ofWarehouse: code) { return node.error(problem) }
        guard known.warehouses == nil, !ownWarehouses.isEmpty, !warehouses.keys.contains(code) else { return }
        if let problem = problem(of: code, "warehouse", ownWarehouses) {
            node.warning(problem + " (by `warehouses` and tables)")
        }
    }

    /// A warehouse that the folder tells of.
    func checkWarehouseKey(_ code: String, _ node: RuleNode) {
        if let problem = problem(ofWarehouse: code) { node.keyError(problem) }
    }

    /// The warehouses that the folder tells of, but for those of suppliers.
    private var ownWarehouses: Set<String> {
        tables.warehouses.union(warehouses.keys).filter { warehouses[$0]?.supplier == nil }
    }

    /// Carriers are those that a file tells of; where none does, any is.
    func checkCarrier(_ code: String, _ node: RuleNode) {
        let all = known.carriers ?? (carriers.isEmpty ? nil : Set(carriers.keys))
        if let problem = problem(of: code, "carrier", all) { node.error(problem) }
    }

    /// A seller that nobody knows yet may become known.
    func checkSeller(_ code: String, _ node: RuleNode, isKey: Bool = false) {
        guard let problem = problem(of: code, "channel or partner", known.sellers) else { return }
        if isKey { node.keyWarning(problem) } else { node.warning(problem) }
    }

    func problem(ofWarehouse code: String) -> String? { problem(of: code, "warehouse", known.warehouses) }

    private func problem(of code: String, _ what: String, _ known: Set<String>?) -> String? {
        guard let known, !known.contains(code) else { return nil }
        return Spelling.unknown(what, code, among: known.sorted())
    }
}

/// Tables by name, with the places where they were written.
final class PlacedTables {
    private(set) var values: [String: RuleTable] = [:]
    /// Those that have a column in any of them.
    private(set) var warehouses: Set<String> = []
    private var nodes: [String: RuleNode] = [:]
    private var used: Set<String> = []

    /// Takes a table; false where its name is taken.
    func add(_ name: String, _ table: RuleTable, _ node: RuleNode) -> Bool {
        guard values[name] == nil else { return false }
        (values[name], nodes[name]) = (table, node)
        for way in table.ways.keys { warehouses.insert(way.warehouse) }
        return true
    }

    func place(of name: String) -> String { nodes[name].map { "\($0.keyPlace)" } ?? "" }

    /// The name of a table that is there; it counts as used.
    func use(_ node: RuleNode) -> String? {
        guard let name = node.text() else { return nil }
        used.insert(name)
        guard values[name] != nil else {
            node.error(Spelling.unknown("table", name, among: values.keys.sorted()))
            return nil
        }
        return name
    }

    func warn() {
        for (name, node) in nodes where !used.contains(name) { node.keyWarning("no rule uses the table `\(name)`") }
    }
}
