internal import OrderCore

/// Whether the warehouses that a rule asks are there to be asked, and in the tables that it goes by.
struct PlaceCheck {
    let rules: [PlacedRule]
    let context: RuleContext

    func check() {
        for placed in rules where placed.rule.isEnabled {
            for case .source(let source) in placed.rule.actions { check(source, placed) }
        }
        AreaCheck(rules: rules, context: context).check()
    }

    private func check(_ action: SourceAction, _ placed: PlacedRule) {
        let node = placed.node
        for code in Set(action.steps.flatMap(\.warehouses)).sorted() {
            if let supplier = context.warehouses[code]?.supplier {
                node.error(
                    "`\(code)` is the supplier \(supplier)'s: what he supplies comes from there by itself, nothing else does"
                )
            }
            if context.known.places?[code]?.isActive == false {
                node.warning("the warehouse `\(code)` is not active now")
            }
        }
        if action.steps.contains(where: \.isToday), !context.warehouses.values.contains(where: { $0.cutOff != nil }) {
            node.warning("a step asks for `today`, and no warehouse has a `cutOff`: it asks all that it names")
        }
        for name in [action.costs, action.distances].compactMap({ $0 }) { check(name, action, placed) }
    }

    /// Every warehouse that is asked has a column.
    private func check(_ name: String, _ action: SourceAction, _ placed: PlacedRule) {
        guard let table = context.tables.values[name] else { return }
        let columns = Set(table.ways.keys.map(\.warehouse))
        let asked = context.asked(action) ?? Set(action.steps.flatMap(\.warehouses))
        for code in asked.subtracting(columns).sorted() {
            placed.node.error("a gap: the table `\(name)` says nothing of `\(code)`, which this rule asks")
        }
        guard name == action.costs else { return }
        for code in columns.sorted() where table.ways[RuleTable.Way(from: code, to: "*")] == nil {
            placed.node.warning(
                "the table `\(name)` has no row `*` for `\(code)`: for areas that are not in it, it is not asked")
        }
    }
}

extension RuleContext {
    /// All warehouses that a rule may ask; nil where they are not known.
    func asked(_ action: SourceAction) -> Set<String>? {
        var codes = Set(action.steps.flatMap(\.warehouses))
        if action.steps.contains(where: \.warehouses.isEmpty) {
            let active = known.places?.values.filter(\.isActive).map(\.code)
            guard let own = active ?? priced(by: action) else { return nil }
            codes.formUnion(own.filter { warehouses[$0]?.supplier == nil })
        }
        return codes.subtracting(action.forbidden)
    }

    /// Only those that have a cost can be asked.
    private func priced(by action: SourceAction) -> [String]? {
        action.costs.flatMap { tables.values[$0] }.map { Array(Set($0.ways.keys.map(\.warehouse))) }
    }
}
