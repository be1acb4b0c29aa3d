internal import OrderCore

/// Whether the warehouses and carriers that a rule asks have a way to the areas that its condition names.
///
/// What only an order shows (its city lies in a province that the rule does not name) can't be known here: such findings
/// are warnings, and an order that has no way is held with the reason.
struct PlaceCheck {
    let rules: [PlacedRule]
    let context: RuleContext

    /// So many areas of a rule are told.
    private static let told = 3

    func check() {
        for placed in rules where placed.rule.isEnabled {
            for action in placed.rule.actions {
                switch action {
                case .source(let source): check(source, placed)
                case .carrier(let code): check(carrier: code, placed)
                default: continue
                }
            }
        }
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
        cover(areas(of: placed.rule.condition), by: asked(action), action, placed)
    }

    /// Every warehouse that is asked has a column.
    private func check(_ name: String, _ action: SourceAction, _ placed: PlacedRule) {
        guard let table = context.tables.values[name] else { return }
        let columns = Set(table.ways.keys.map(\.warehouse))
        for code in asked(action) where !columns.contains(code) {
            placed.node.error("a gap: the table `\(name)` says nothing of `\(code)`, which this rule asks")
        }
        guard name == action.costs else { return }
        for code in columns.sorted() where table.ways[RuleTable.Way(from: code, to: "*")] == nil {
            placed.node.warning(
                "the table `\(name)` has no row `*` for `\(code)`: to areas that are not in it, it ships nothing")
        }
    }

    /// The warehouses that the rule may ask, as far as they are known.
    private func asked(_ action: SourceAction) -> [String] {
        let own = (context.known.places ?? [:]).values.filter { place in
            place.isActive && context.warehouses[place.code]?.supplier == nil
        }.map(\.code)
        let named = action.steps.flatMap { $0.warehouses.isEmpty ? own : $0.warehouses }
        return Set(named).subtracting(action.forbidden).sorted()
    }

    private func cover(_ areas: [String], by codes: [String], _ action: SourceAction, _ placed: PlacedRule) {
        guard !codes.isEmpty else { return }
        let bare = areas.filter { area in
            !codes.contains { code in
                let ships = context.known.places?[code].map { $0.ships(to: area) } ?? true
                return ships && (action.costs.flatMap { context.tables.values[$0] }?.goes(from: code, to: area) ?? true)
            }
        }
        tell(bare, "no warehouse that this rule asks ships there", placed)
    }

    private func check(carrier code: String, _ placed: PlacedRule) {
        guard let carrier = context.carriers[code] else { return }
        let areas = areas(of: placed.rule.condition)
        let without = areas.filter { area in
            carrier.excluded.contains(area) || !carrier.areas.isEmpty && !carrier.areas.contains(area)
        }
        if !areas.isEmpty, without.count == areas.count, areas.allSatisfy(carrier.excluded.contains) {
            placed.node.error("the carrier `\(code)` has no route to any area that this rule names")
        } else {
            tell(without, "the carrier `\(code)` has no route there", placed)
        }
    }

    private func tell(_ areas: [String], _ problem: String, _ placed: PlacedRule) {
        for area in areas.prefix(Self.told) { placed.node.warning("`\(area)`: \(problem)") }
        if areas.count > Self.told { placed.node.warning("and \(areas.count - Self.told) more areas: \(problem)") }
    }

    /// The areas that a condition names, one of which must be the receiver's; none where it says nothing of them.
    private func areas(of condition: RuleCondition) -> [String] {
        switch condition {
        case .all(let parts): return parts.flatMap(areas)
        case .order(let field, .isIn(let names)) where Self.fields.contains(field): return names.sorted()
        case .order(let field, .isInList(let name)) where Self.fields.contains(field):
            return (context.lists[name]?.list.entries ?? []).sorted()
        default: return []
        }
    }

    private static let fields: Set<OrderField> = [.country, .province, .city, .district]
}

extension Warehouse {
    fileprivate func ships(to area: String) -> Bool {
        (areas.isEmpty || areas.contains(area))
            && (parcelCosts.isEmpty || parcelCosts[area] != nil || parcelCosts["*"] != nil)
    }
}

extension RuleTable {
    fileprivate func goes(from warehouse: String, to area: String) -> Bool {
        let steps = ways[Way(from: warehouse, to: area)] ?? ways[Way(from: warehouse, to: "*")]
        return steps?.isEmpty == false
    }
}
