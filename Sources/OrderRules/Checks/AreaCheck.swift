internal import OrderCore

/// Whether the warehouses and carriers of a rule have a way to the areas that its condition names.
///
/// An area that they surely have none to is an error. What only an order shows is a warning: a carrier that goes to Hangzhou may
/// be the one for an order to its province. Such an order, where it has no way, is held with the reason.
struct AreaCheck {
    private let rules: [PlacedRule]
    private let context: RuleContext
    /// As what rules name an area: two provinces are never one within the other.
    private let levels: [String: Set<OrderField>]

    /// So many areas of a rule are told.
    private static let told = 3

    init(rules: [PlacedRule], context: RuleContext) {
        (self.rules, self.context) = (rules, context)
        levels = rules.flatMap(\.rule.condition.areas).reduce(into: [:]) { levels, area in
            for name in area.names { levels[name, default: []].insert(area.field) }
        }
    }

    /// Whether there is a way to an area.
    private enum Reach: Int, Comparable {
        case never, perhaps, always

        static func < (left: Reach, right: Reach) -> Bool { left.rawValue < right.rawValue }
    }

    func check() {
        for placed in rules where placed.rule.isEnabled {
            for action in placed.rule.actions {
                switch action {
                case .source(let source):
                    guard let codes = context.asked(source), !codes.isEmpty else { continue }
                    let table = source.costs.flatMap { context.tables.values[$0] }
                    check(placed, "no warehouse that this rule asks ships there") { area, field in
                        codes.map { reach($0, table, area, field) }.max() ?? .never
                    }
                case .carrier(let code):
                    guard let carrier = context.carriers[code] else { continue }
                    check(placed, "the carrier `\(code)` has no route there") { reach(carrier, $0, $1) }
                default: continue
                }
            }
        }
    }

    private func check(_ placed: PlacedRule, _ problem: String, _ reach: (String, OrderField) -> Reach) {
        var (never, perhaps): ([String], [String]) = ([], [])
        var isCovered = false
        for area in placed.rule.condition.requiredAreas {
            let bare = area.names.sorted().map { ($0, reach($0, area.field)) }.filter { $0.1 != .always }
            if bare.isEmpty { isCovered = true }
            for (name, reach) in bare where mayBeAsked(placed, of: name, area.field) {
                if reach == .never { never.append(name) } else { perhaps.append(name) }
            }
        }
        tell(never, problem) { placed.node.error($0) }
        // An order to one of several areas is within another, to which there is a way.
        if !isCovered { tell(perhaps, problem) { placed.node.warning($0) } }
    }

    private func tell(_ areas: [String], _ problem: String, _ say: (String) -> Void) {
        for area in areas.prefix(Self.told) { say("`\(area)`: \(problem)") }
        if areas.count > Self.told { say("and \(areas.count - Self.told) more areas: \(problem)") }
    }

    /// No earlier rule of the phase takes all that goes to this area, and the rule itself does not leave it out.
    private func mayBeAsked(_ placed: PlacedRule, of area: String, _ field: OrderField) -> Bool {
        var narrow = placed.rule
        narrow.condition = .all([.order(field, .isIn([area])), narrow.condition])
        guard narrow.wholeCondition.contradiction == nil else { return false }
        return !rules.contains { other in
            other.rule.isEnabled && other.rule.isAsked(before: placed.rule) && other.rule.covers(narrow)
        }
    }

    private func reach(_ carrier: CarrierRule, _ area: String, _ field: OrderField) -> Reach {
        if carrier.excluded.contains(area) { return .never }
        if carrier.areas.isEmpty || carrier.areas.contains(area) { return .always }
        return mayLieWithin(field, carrier.areas) ? .perhaps : .never
    }

    private func reach(_ code: String, _ table: RuleTable?, _ area: String, _ field: OrderField) -> Reach {
        var reach = Reach.always
        if let place = context.known.places?[code] {
            if !place.areas.isEmpty, !place.areas.contains(area) {
                reach = mayLieWithin(field, place.areas) ? .perhaps : .never
            }
            let costs = place.parcelCosts
            if !costs.isEmpty, costs[area] == nil, costs["*"] == nil {
                reach = min(reach, mayLieWithin(field, costs.keys) ? .perhaps : .never)
            }
        }
        guard let table, reach > .never else { return reach }
        let steps = table.ways[RuleTable.Way(from: code, to: area)] ?? table.ways[RuleTable.Way(from: code, to: "*")]
        if steps.isOpen { return reach }
        let others = table.ways.lazy.filter { $0.key.warehouse == code && $0.key.area != "*" && $0.value.isOpen }
        return mayLieWithin(field, others.map(\.key.area)) ? .perhaps : .never
    }

    /// Whether any of some areas may be part of an area of this level, or have it as a part.
    private func mayLieWithin(_ field: OrderField, _ areas: some Sequence<String>) -> Bool {
        areas.contains { levels[$0] != [field] }
    }
}

extension [RuleTable.Step] {
    /// Something goes that way.
    fileprivate var isOpen: Bool { contains { $0.value != nil } }
}

extension [RuleTable.Step]? {
    fileprivate var isOpen: Bool { self?.isOpen ?? false }
}

extension RuleCondition {
    /// Areas that are named together, and as what.
    typealias NamedAreas = (field: OrderField, names: Set<String>)

    /// The areas that it names anywhere.
    fileprivate var areas: [NamedAreas] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.areas)
        case .not(let part): part.areas
        default: ownAreas
        }
    }

    /// The areas one of which must be the receiver's; none where it says nothing of them.
    fileprivate var requiredAreas: [NamedAreas] {
        if case .all(let parts) = self { return parts.flatMap(\.requiredAreas) }
        return ownAreas
    }

    private var ownAreas: [NamedAreas] {
        guard case .order(let field, .isIn(let names)) = self, Self.areaFields.contains(field) else { return [] }
        return [(field, names)]
    }

    private static let areaFields: Set<OrderField> = [.country, .province, .city, .district]
}
