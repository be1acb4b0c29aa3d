internal import OrderCore

/// What a gift may have.
enum GiftKey: String, CaseIterable {
    case sku, quantity, each, most, oncePerBuyer
}

/// What a gift goes by.
enum StepKey: String, CaseIterable {
    case amount, quantity, `where`
}

/// What sourcing may have.
enum SourceKey: String, CaseIterable {
    case steps, forbid, wait, costs, distances, again
}

/// What a step of sourcing may have.
enum SourceStepKey: String, CaseIterable {
    case warehouses, partial, minimumValue, today
}

/// What asking other warehouses may have.
enum AgainKey: String, CaseIterable {
    case most, unanswered
}

/// What a place among those that wait may have.
enum BackorderKey: String, CaseIterable {
    case rank, smallerFirst
}

/// What a split may have.
enum SplitKey: String, CaseIterable {
    case by, maximumWeight, maximumVolume, maximumValue
}

extension ActionReader {
    /// `{sku: GIFT-1, each: {amount: 10000}, most: 3}`, or the SKU alone.
    func gift(_ node: RuleNode) -> GiftAction? {
        guard node.isMapping else { return node.text().map { GiftAction(sku: $0) } }
        guard let members = node.members(GiftKey.keys) else { return nil }
        guard let sku = members["sku"] else {
            node.keyError("a gift says its `sku`")
            return nil
        }
        guard let sku = sku.text() else { return nil }
        var gift = GiftAction(sku: sku)
        gift.quantity = members["quantity"].flatMap { $0.integer(RuleBounds.units) } ?? 1
        gift.most = members["most"].flatMap { $0.integer(RuleBounds.units) }
        gift.isOncePerBuyer = members["oncePerBuyer"].flatMap { $0.flag() } ?? false
        gift.each = members["each"].flatMap(step)
        if let most = gift.most, most < gift.quantity { members["most"]?.error("less than is given at a time") }
        return gift
    }

    private func step(_ node: RuleNode) -> GiftAction.Step? {
        guard let members = node.members(StepKey.keys) else { return nil }
        switch (members["amount"], members["quantity"]) {
        case (let amount?, nil):
            members["where"]?.keyError("`where` goes with `quantity`")
            return amount.integer(RuleBounds.positive, "an amount in minor units").map { .amount($0) }
        case (nil, let quantity?):
            let lines = members["where"].map {
                ConditionReader(phase: phase, context: context).read($0, .line) ?? .all([])
            }
            return quantity.integer(RuleBounds.units).map { .quantity($0, of: lines ?? .all([])) }
        default:
            node.keyError("a gift goes by each `amount`, or by each `quantity`")
            return nil
        }
    }

    /// `{steps: [{warehouses: [WH1]}, {partial: true}], forbid: [WH9], wait: {days: 3}}`
    func source(_ node: RuleNode) -> SourceAction? {
        guard let members = node.members(SourceKey.keys) else { return nil }
        if members.isEmpty { node.error("expected `steps`, warehouses to `forbid`, or how long to `wait`") }
        let steps = members["steps"].map { given in
            let elements = given.elements() ?? []
            if elements.isEmpty { given.error("expected at least one step") }
            return elements.compactMap(sourceStep)
        }
        var action = SourceAction(steps: steps ?? [SourceAction.Step()])
        for code in members["forbid"]?.listOrOne() ?? [] {
            if let warehouse = warehouse(code) { action.forbidden.insert(warehouse) }
        }
        if let tried = action.steps.flatMap(\.warehouses).first(where: action.forbidden.contains) {
            members["forbid"]?.error("`\(tried)` is forbidden, and a step tries it")
        }
        if let wait = members["wait"], let seconds = wait.duration() {
            (action.waits, action.givesUpAfter) = (true, seconds)
        }
        action.costs = members["costs"].flatMap(context.tables.use)
        action.distances = members["distances"].flatMap(context.tables.use)
        if let again = members["again"] { read(again, into: &action) }
        return action
    }

    /// `{most: 2, unanswered: 3}`
    private func read(_ node: RuleNode, into action: inout SourceAction) {
        guard let members = node.members(AgainKey.keys) else { return }
        if members.isEmpty { node.error("expected how often at `most`, or after how many requests `unanswered`") }
        if let most = members["most"]?.integer(0...100, "a number of warehouses") { action.mostAgain = most }
        action.unanswered = members["unanswered"].flatMap { $0.integer(1...100, "a number of requests") }
    }

    private func sourceStep(_ node: RuleNode) -> SourceAction.Step? {
        guard let members = node.members(SourceStepKey.keys) else { return nil }
        var step = SourceAction.Step()
        if let given = members["warehouses"] {
            let codes = given.listOrOne()
            if codes.isEmpty { given.error("no warehouse; without this key it is every active one") }
            step.warehouses = codes.compactMap(warehouse)
        }
        step.isToday = members["today"].flatMap { $0.flag() } ?? false
        step.isPartial = members["partial"].flatMap { $0.flag() } ?? false
        if let value = members["minimumValue"] {
            step.minimumValue = value.integer(RuleBounds.positive, "an amount in minor units") ?? 0
            if !step.isPartial { value.keyError("`minimumValue` is of partial steps: add `partial: true`") }
        }
        return step
    }

    private func warehouse(_ node: RuleNode) -> String? {
        guard let code = node.text() else { return nil }
        context.checkWarehouse(code, node)
        return code
    }

    /// `{rank: 10, smallerFirst: true}`, or the rank alone.
    func backorder(_ node: RuleNode) -> BackorderAction? {
        guard node.isMapping else { return node.integer(RuleBounds.ranks).map { BackorderAction(rank: $0) } }
        guard let members = node.members(BackorderKey.keys) else { return nil }
        if members.isEmpty { node.error("expected a `rank`, or that smaller ones go first: {rank: 10}") }
        var action = BackorderAction()
        action.rank = members["rank"].flatMap { $0.integer(RuleBounds.ranks) } ?? action.rank
        action.smallerFirst = members["smallerFirst"].flatMap { $0.flag() } ?? false
        return action
    }

    /// `{by: [temperature, supplier], maximumWeight: 20000}`
    func split(_ node: RuleNode) -> SplitAction? {
        guard let members = node.members(SplitKey.keys) else { return nil }
        if members.isEmpty { node.error("expected what lines are kept apart `by`, or what a parcel may be at most") }
        var action = SplitAction()
        for criterion in members["by"]?.listOrOne() ?? [] {
            guard let known = criterion.choice("criterion", of: SplitAction.Criterion.self) else { continue }
            if !action.criteria.insert(known).inserted { criterion.warning("`\(known.rawValue)` is there already") }
        }
        action.maximumWeight = members["maximumWeight"].flatMap { $0.integer(RuleBounds.positive, "grams") }
        action.maximumVolume = members["maximumVolume"].flatMap { $0.integer(RuleBounds.positive, "cubic centimetres") }
        action.maximumValue = members["maximumValue"].flatMap { $0.integer(RuleBounds.positive, "minor units") }
        return action
    }
}

extension RuleBounds {
    /// Units of goods.
    static let units: ClosedRange<Int64> = 1...Limits.quantity
    /// Places in a line.
    static let ranks: ClosedRange<Int64> = 0...1_000_000
}
