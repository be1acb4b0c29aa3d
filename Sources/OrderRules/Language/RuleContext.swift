internal import OrderCore

/// Codes that rules may name, where they are known; nil: not checked.
public struct KnownCodes: Hashable, Sendable {
    /// Of warehouses.
    public var warehouses: Set<String>?
    /// Of carriers.
    public var carriers: Set<String>?

    /// Checks no code that is not given.
    public init(warehouses: Set<String>? = nil, carriers: Set<String>? = nil) {
        self.warehouses = warehouses
        self.carriers = carriers
    }
}

/// What all rules of a folder share while they are read.
final class RuleContext {
    let known: KnownCodes
    private(set) var lists: [String: PlacedList] = [:]
    private var used: Set<String> = []
    /// The first test of a time of day or a day of the week.
    private(set) var clock: RuleNode?

    struct PlacedList {
        var list: RuleList
        var node: RuleNode
    }

    init(known: KnownCodes) {
        self.known = known
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

    func checkWarehouse(_ code: String, _ node: RuleNode) { check(code, "warehouse", known.warehouses, node) }
    func checkCarrier(_ code: String, _ node: RuleNode) { check(code, "carrier", known.carriers, node) }

    private func check(_ code: String, _ what: String, _ known: Set<String>?, _ node: RuleNode) {
        guard let known, !known.contains(code) else { return }
        node.error(Spelling.unknown(what, code, among: known.sorted()))
    }
}
