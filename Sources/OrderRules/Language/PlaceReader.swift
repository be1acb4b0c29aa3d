internal import OrderCore

/// What operations may say of a warehouse.
enum WarehouseKey: String, CaseIterable {
    case title, capacity, cutOff, supplier
}

/// What operations may say of a carrier.
enum CarrierKey: String, CaseIterable {
    case title, to, notTo
}

/// Reads `warehouses:` and `carriers:`: what operations say of them beside what their owners tell.
struct PlaceReader {
    let context: RuleContext

    /// `{north: {capacity: 800, cutOff: "16:00"}, wh-li: {supplier: li}}`
    func readWarehouses(_ node: RuleNode) {
        for (code, value) in node.members() ?? [] {
            guard let members = value.members(WarehouseKey.keys) else { continue }
            context.checkWarehouseKey(code, value)
            var rule = WarehouseRule()
            rule.title = members["title"].flatMap { $0.text() }
            rule.capacity = members["capacity"].flatMap { $0.integer(RuleBounds.counts, "orders a day") }
            rule.cutOff = members["cutOff"].flatMap { node in
                context.useClock(node)
                return node.timeOfDay()
            }
            rule.supplier = members["supplier"].flatMap { $0.text() }
            if context.warehouses.updateValue(rule, forKey: code) != nil {
                value.keyError("the warehouse `\(code)` is there already")
            }
        }
    }

    /// `{sf: {}, yto: {notTo: {inList: remote-areas}}}`
    func readCarriers(_ node: RuleNode) {
        for (code, value) in node.members() ?? [] {
            guard let members = value.members(CarrierKey.keys) else { continue }
            var rule = CarrierRule()
            rule.title = members["title"].flatMap { $0.text() }
            rule.areas = members["to"].map(areas) ?? []
            rule.excluded = members["notTo"].map(areas) ?? []
            if let to = members["to"], rule.areas.isEmpty { to.error("it goes nowhere; left out it goes everywhere") }
            if context.carriers.updateValue(rule, forKey: code) != nil {
                value.keyError("the carrier `\(code)` is there already")
            }
        }
    }

    /// Names, or `{inList: name}`.
    private func areas(_ node: RuleNode) -> Set<String> {
        guard node.isMapping else { return Set(node.listOrOne().compactMap { $0.text() }) }
        guard let list = node.members([RuleOperator.inList.rawValue])?[RuleOperator.inList.rawValue],
            let name = list.text()
        else { return [] }
        guard context.use(name) else {
            list.error(Spelling.unknown("list", name, among: context.lists.keys.sorted()))
            return []
        }
        return context.lists[name]?.list.entries ?? []
    }
}
