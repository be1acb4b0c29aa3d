import OrderCore

// What operations want, as chance has it. Of a generator of its own: a history without rules is as it was.

extension Bench {
    /// Rules for sourcing and splitting in some wild worlds, and a third warehouse for them.
    mutating func followWildRules(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0x5011_CE)
        guard random.isLucky(40) else { return }
        set.reference.warehouses["E"] = Warehouse(code: "E", priority: 2)
        set.reference.warehouses["S"]?.priority = 3
        for sku in ["A", "B"] { receive(sku, "E", 2 + Int64(random.next() % 8)) }
        if random.isLucky(30) { set.reference.warehouses["E"]?.parcelCosts = ["*": 3] }
        if random.isLucky(20) { set.reference.warehouses["S"]?.areas = [random.isLucky(50) ? "杭州" : "北京"] }
        measureGoods()
        var rules: [Rule] = []
        if random.isLucky(75) { rules.append(.sourcing(&random)) }
        if random.isLucky(75) { rules.append(.splitting(&random)) }
        if random.isLucky(35) { rules.append(.giving(&random)) }
        if random.isLucky(25) { rules.append(.carrying) }
        if random.isLucky(25) { rules.append(.reviewing(&random)) }
        if random.isLucky(35) {
            rules.append(.merging(&random))
            // They are to meet.
            set.reference.sellers[SellerKey(.internal, "web")]?.policy.releaseDelay = 0
        }
        follow(rules)
    }

    /// The same of every other calm world, where there is enough of everything.
    mutating func followCalmRules(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0xCA1_5011_CE)
        guard random.isLucky(50) else { return }
        measureGoods()
        var north = SourceAction.Step()
        north.warehouses = ["N"]
        north.isPartial = true
        var source = Rule("north-first", .source)
        source.actions = [.source(SourceAction(steps: [north, SourceAction.Step()]))]
        var rules = [source, Rule.splitting(&random)]
        if random.isLucky(40) { rules.append(.giving(&random)) }
        if random.isLucky(40) { rules.append(.carrying) }
        follow(rules)
    }

    private mutating func measureGoods() {
        for (sku, weight) in [("A", 1), ("B", 2), ("C", 3), ("M", 2)] as [(String, Int64)] {
            set.reference.products[sku]?.weight = weight
            set.reference.products[sku]?.volume = 4 - weight
        }
        set.reference.products["B"]?.temperature = "cold"
        set.reference.products["C"]?.supplier = "Li & Co"
    }

    /// What can't travel together in any order, by the rules of this world.
    var split: SplitAction? {
        for rule in set.reference.rules.set.rules where rule.condition == .all([]) {
            for case .split(let action) in rule.actions { return action }
        }
        return nil
    }
}

extension Rule {
    fileprivate static func sourcing(_ random: inout SeededGenerator) -> Rule {
        let codes = [["N"], ["S"], ["E", "N"], ["S", "E"], ["E", "S", "N"], []]
        let steps = (0...Int(random.next() % 3)).map { _ in
            var step = SourceAction.Step()
            step.warehouses = codes[Int(random.next() % UInt64(codes.count))]
            step.isPartial = random.isLucky(50)
            step.minimumValue = random.isLucky(70) ? 0 : 150
            return step
        }
        var action = SourceAction(steps: steps)
        if random.isLucky(20) { action.forbidden = ["E"] }
        action.waits = random.isLucky(50)
        action.givesUpAfter = random.isLucky(50) ? 3_600 : 0
        var rule = Rule("places", .source)
        if random.isLucky(25) { rule.condition = .order(.kind, .isIn(["internal"])) }
        rule.actions = [.source(action)]
        return rule
    }

    /// A gift of what is sold too, for some orders.
    fileprivate static func giving(_ random: inout SeededGenerator) -> Rule {
        var gift = GiftAction(sku: random.isLucky(80) ? "C" : "V")
        if random.isLucky(50) { gift.each = random.isLucky(50) ? .amount(150) : .quantity(2, of: .all([])) }
        gift.most = random.isLucky(50) ? 2 : nil
        var rule = Rule("gift", .gift)
        if random.isLucky(50) { rule.condition = .order(.goods, .within(200...Int64.max)) }
        rule.actions = [.gift(gift)]
        return rule
    }

    /// Orders of a buyer wait for each other; now and then those of one warehouse only.
    fileprivate static func merging(_ random: inout SeededGenerator) -> Rule {
        var rule = Rule("together", .merge)
        if random.isLucky(20) { rule.condition = .order(.warehouse, .isIn(["N"])) }
        rule.actions = [.merge(windowSeconds: random.isLucky(50) ? 1 : 3_600)]
        return rule
    }

    fileprivate static var carrying: Rule {
        var rule = Rule("carrier", .carrier)
        rule.actions = [.carrier("sf")]
        return rule
    }

    /// Some orders are looked at by people, who let them go in time, or don't.
    fileprivate static func reviewing(_ random: inout SeededGenerator) -> Rule {
        var rule = Rule("look", .review)
        rule.condition = .order(.payable, .within(Int64(random.next() % 600)...Int64.max))
        rule.actions = [.hold(.highValue, detail: "high")]
        return rule
    }

    fileprivate static func splitting(_ random: inout SeededGenerator) -> Rule {
        var action = SplitAction()
        for criterion in SplitAction.Criterion.allCases where random.isLucky(30) { action.criteria.insert(criterion) }
        if random.isLucky(50) { action.maximumWeight = 1 + Int64(random.next() % 6) }
        if random.isLucky(30) { action.maximumVolume = 1 + Int64(random.next() % 6) }
        if random.isLucky(30) { action.maximumValue = 50 + Int64(random.next() % 400) }
        var rule = Rule("parcels", .split)
        rule.actions = [.split(action)]
        return rule
    }
}
