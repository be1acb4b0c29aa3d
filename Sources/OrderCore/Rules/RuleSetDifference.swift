/// What is other in a set beside its rules: a list, a table, a warehouse, a carrier, or how stock is split.
public struct RuleSetDifference: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case zone
        case list
        case table
        case warehouse
        case carrier
        case stockShares
    }

    /// How it is other.
    public enum Change: String, Hashable, Sendable {
        case new = "new"
        case gone = "no more"
        case changed = "changed"
    }

    /// What it is.
    public var kind: Kind
    /// Its name; empty where there is only one of its kind.
    public var name: String
    /// How it is other.
    public var change: Change
    /// How much of it, in words.
    public var detail: String
}

extension RuleSet {
    /// What is other than in an earlier set, beside the rules.
    public func differences(from old: RuleSet) -> [RuleSetDifference] {
        var found: [RuleSetDifference] = []
        if zoneSeconds != old.zoneSeconds {
            let detail = "\(old.zoneSeconds) s east of UTC, now \(zoneSeconds) s"
            found.append(RuleSetDifference(kind: .zone, name: "", change: .changed, detail: detail))
        }
        found += Self.compare(.list, old.lists, lists) { Self.counts("entry", "entries", $0.entries, $1.entries) }
        found += Self.compare(.table, old.tables, tables) { Self.ways($0.ways, $1.ways) }
        found += Self.compare(.warehouse, old.warehouses, warehouses) { old, new in
            Self.values([
                ("capacity", old.capacity.map { "\($0)" }, new.capacity.map { "\($0)" }),
                ("cutOff", old.cutOff.map(RuleText.timeOfDay), new.cutOff.map(RuleText.timeOfDay)),
                ("supplier", old.supplier, new.supplier), ("title", old.title, new.title),
            ])
        }
        found += Self.compare(.carrier, old.carriers, carriers) { old, new in
            let to = Self.counts("area", "areas", old.areas, new.areas)
            let notTo = Self.counts("excluded area", "excluded areas", old.excluded, new.excluded)
            return [to, notTo].filter { !$0.isEmpty }.joined(separator: ", ")
        }
        if shares != old.shares {
            let change: RuleSetDifference.Change = old.shares.isEmpty ? .new : shares.isEmpty ? .gone : .changed
            let detail = "\(old.shares.count) before, now \(shares.count)"
            found.append(RuleSetDifference(kind: .stockShares, name: "", change: change, detail: detail))
        }
        return found
    }

    private static func compare<Value: Equatable>(
        _ kind: RuleSetDifference.Kind, _ old: [String: Value], _ new: [String: Value],
        _ detail: (Value, Value) -> String
    ) -> [RuleSetDifference] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (nil, _?): RuleSetDifference(kind: kind, name: name, change: .new, detail: "")
            case (_?, nil): RuleSetDifference(kind: kind, name: name, change: .gone, detail: "")
            case (let one?, let other?) where one != other:
                RuleSetDifference(
                    kind: kind, name: name, change: .changed,
                    detail: detail(one, other).isEmpty ? "its title" : detail(one, other))
            default: nil
            }
        }
    }

    /// `2 entries came, 1 entry went`
    private static func counts<Element>(
        _ one: String, _ several: String, _ old: Set<Element>, _ new: Set<Element>
    ) -> String {
        let counted = [("came", new.subtracting(old).count), ("went", old.subtracting(new).count)]
        return counted.filter { $0.1 > 0 }.map { "\($0.1) \($0.1 == 1 ? one : several) \($0.0)" }
            .joined(separator: ", ")
    }

    private static func ways(_ old: [RuleTable.Way: [RuleTable.Step]], _ new: [RuleTable.Way: [RuleTable.Step]])
        -> String
    {
        let counted = counts("way", "ways", Set(old.keys), Set(new.keys))
        let others = new.count { way, steps in old[way].map { $0 != steps } ?? false }
        let changed = others == 0 ? "" : "\(others) \(others == 1 ? "way" : "ways") changed"
        return [counted, changed].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// `capacity 800, now 500`
    private static func values(_ values: [(name: String, old: String?, new: String?)]) -> String {
        values.filter { $0.old != $0.new }.map { "\($0.name) \($0.old ?? "none"), now \($0.new ?? "none")" }
            .joined(separator: "; ")
    }
}
