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
        if random.isLucky(60) { rules += Rule.queueing(&random) }
        if random.isLucky(15) { set.reference.products["A"]?.presaleUntil = now.adding(seconds: 3_600) }
        if random.isLucky(35) {
            rules.append(.merging(&random))
            // They are to meet.
            set.reference.sellers[SellerKey(.internal, "web")]?.policy.releaseDelay = 0
        }
        let shares = random.isLucky(30) ? [StockShare.splitting(&random)] : []
        let limits = Limits(&random)
        rules += Rule.sending(seed: seed, isCarried: rules.contains { $0.phase == .carrier })
        follow(rules) {
            limits.apply(to: &$0)
            for carrier in ["sf", "yto", "zto"] { $0.carriers[carrier] = CarrierRule() }
            $0.carriers["sf"]?.excluded = ["Elsewhere"]
            $0.shares = shares
        }
    }

    /// What operations say of the warehouses of a wild world: of a generator of its own, so that its rules are as they were.
    private struct Limits {
        private var random: SeededGenerator

        init(_ random: inout SeededGenerator) { self.random = SeededGenerator(seed: random.next()) }

        func apply(to rules: inout RuleSet) {
            var random = random
            for code in ["N", "S", "E"] where random.isLucky(25) {
                rules.warehouses[code, default: WarehouseRule()].capacity = 1 + Int64(random.next() % 2)
            }
            if random.isLucky(15) { rules.warehouses["S", default: WarehouseRule()].supplier = "Li & Co" }
            if random.isLucky(30) {
                let code = random.isLucky(50) ? "N" : "E"
                rules.warehouses[code, default: WarehouseRule()].cutOff = 720
            }
            var costs = RuleTable()
            for code in ["N", "S", "E"] where random.isLucky(85) {
                costs.add(RuleTable.Way(from: code, to: "*"), RuleTable.Step(upTo: 8, value: Int64(random.next() % 9)))
                costs.add(RuleTable.Way(from: code, to: "*"), RuleTable.Step(value: 9))
                if random.isLucky(20) { costs.add(RuleTable.Way(from: code, to: "杭州")) }
            }
            rules.tables = ["costs": costs]
            let (usesTable, isAskedBack, isToday) = (random.isLucky(30), random.isLucky(50), random.isLucky(20))
            for place in rules.rules.indices {
                guard case .source(var action)? = rules.rules[place].actions.first else { continue }
                if usesTable { (action.costs, action.distances) = ("costs", "costs") }
                if isAskedBack { action.unanswered = 1 + Int64(random.next() % 3) }
                if isToday, action.steps.count > 1 { action.steps[0].isToday = true }
                rules.rules[place].actions = [.source(action)]
            }
            guard random.isLucky(50) else { return }
            for place in rules.rules.indices {
                guard case .gift(var gift)? = rules.rules[place].actions.first else { continue }
                gift.isOncePerBuyer = true
                rules.rules[place].actions = [.gift(gift)]
            }
        }
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

    /// Orders of the shop before those of the partner, or the other way; some let smaller ones go first.
    fileprivate static func queueing(_ random: inout SeededGenerator) -> [Rule] {
        ["internal", "external"].map { kind in
            var action = BackorderAction(rank: Int64(random.next() % 3))
            action.smallerFirst = random.isLucky(25)
            var rule = Rule("turn-\(kind)", .backorder)
            rule.condition = .order(.kind, .isIn([kind]))
            rule.actions = [.backorder(action)]
            return rule
        }
    }

    /// Orders of a buyer wait for each other; now and then those of one warehouse only.
    fileprivate static func merging(_ random: inout SeededGenerator) -> Rule {
        var rule = Rule("together", .merge)
        if random.isLucky(20) { rule.condition = .order(.warehouse, .isIn(["N"])) }
        rule.actions = [.merge(windowSeconds: random.isLucky(50) ? 1 : 3_600)]
        return rule
    }

    /// Who hears of parts, by what changes of them; and who carries what the usual carrier can't.
    fileprivate static func sending(seed: UInt64, isCarried: Bool) -> [Rule] {
        var random = SeededGenerator(seed: seed ^ 0x05E_9D)
        var rules: [Rule] = []
        if random.isLucky(30) {
            var north = Rule("wms-north", .output)
            north.condition =
                random.isLucky(50)
                ? .order(.event, .isIn(["fulfilment.requested"])) : .order(.partQuantity, .within(2...Int64.max))
            north.actions = [.redirect(from: "wms", to: "wms-north")]
            rules.append(north)
        }
        if isCarried, random.isLucky(50) {
            var far = Rule("far", .carrier)
            far.priority = 1
            far.condition = .order(.city, .isIn(["Elsewhere"]))
            far.actions = [.carrier("yto")]
            rules.append(far)
        }
        return rules
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

extension StockShare {
    /// Some stock is for the shop, some for the partner.
    fileprivate static func splitting(_ random: inout SeededGenerator) -> StockShare {
        var share = StockShare(parts: ["web": .percent(Int64(random.next() % 101))])
        if random.isLucky(50) { share.parts["tm"] = .units(Int64(random.next() % 5)) }
        if random.isLucky(30) { share.skus = ["A"] }
        if random.isLucky(20) { share.warehouses = ["N"] }
        return share
    }
}
