import OrderCore
import OrderSimulator
import Testing

@Suite("Costs, distances and the work of warehouses")
struct SourceLimitTests {
    /// Warehouses `N`, `S` and `E` with ten of everything; two rules say what tables and limits say beside.
    private func bench(_ action: SourceAction = .everywhere, _ edit: (inout RuleSet) -> Void = { _ in }) -> Bench {
        var bench = Bench(stock: ["A": 10, "B": 10])
        bench.set.reference.warehouses["E"] = Warehouse(code: "E", priority: 3)
        for warehouse in ["S", "E"] {
            for sku in ["A", "B"] { bench.receive(sku, warehouse, 10) }
        }
        bench.follow(action, [], edit)
        return bench
    }

    private func table(_ values: [String: [String: Int64]]) -> RuleTable {
        var table = RuleTable()
        for (warehouse, areas) in values {
            for (area, value) in areas { table.add(RuleTable.Way(from: warehouse, to: area), .init(value: value)) }
        }
        return table
    }

    private func warehouses(_ bench: Bench, _ number: String = "tm/1") -> [String] {
        bench.state(number)?.fulfilments.all.map(\.warehouse) ?? []
    }

    /// Places an order of one unit and says where it went.
    private func place(_ number: String, _ bench: inout Bench) -> [String] {
        bench.place(number, [.of("A", 1, at: 10)])
        return warehouses(bench, number)
    }

    @Test("the cheapest by the cost table, of the narrowest area; of those that cost the same the nearest")
    func cheapest() {
        var action = SourceAction.everywhere
        (action.costs, action.distances) = ("freight", "far")
        var bench = bench(action) { rules in
            rules.tables["freight"] = table([
                "N": ["*": 900], "S": ["*": 1_200, "杭州": 800], "E": ["*": 950, "杭州": 800],
            ])
            rules.tables["far"] = table(["S": ["*": 700], "E": ["*": 150]])
        }
        #expect(place("tm/1", &bench) == ["E"])
        bench.place("tm/2", [.of("A", 1, at: 10)]) { $0.receiver.city = "北京" }
        #expect(warehouses(bench, "tm/2") == ["N"])
        bench.verify()
    }

    @Test("a cost goes by the weight of all that is asked for; beyond the last step nobody knows it")
    func weight() {
        var action = SourceAction.everywhere
        action.costs = "freight"
        var bench = bench(action) { rules in
            var freight = RuleTable()
            freight.add(RuleTable.Way(from: "N", to: "*"), .init(upTo: 5_000, value: 900))
            freight.add(RuleTable.Way(from: "N", to: "*"), .init(upTo: 1_000, value: 500))
            freight.add(RuleTable.Way(from: "S", to: "*"), .init(upTo: 9_000, value: 700))
            rules.tables["freight"] = freight
        }
        bench.set.reference.products["A"]?.weight = 1_000
        bench.place("tm/1", [.of("A", 1, at: 10)])
        bench.place("tm/2", [.of("A", 2, at: 10)])
        bench.place("tm/3", [.of("A", 10, at: 10)])
        #expect(warehouses(bench, "tm/1") == ["N"])
        #expect(warehouses(bench, "tm/2") == ["S"])
        #expect(bench.holds("tm/3") == [.noWarehouse])
        bench.verify()
    }

    @Test("a table with a gap is a hold that names it, not a guess; a way that is closed is none")
    func gap() {
        var action = SourceAction.everywhere
        action.costs = "freight"
        var bench = bench(action) { rules in
            var freight = table(["N": ["北京": 500]])
            freight.add(RuleTable.Way(from: "S", to: "*"))
            rules.tables["freight"] = freight
        }
        bench.place("tm/1", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/1") == [.noWarehouse])
        #expect(
            bench.state("tm/1")?.openHolds.first?.detail
                == "no warehouse gives A: E (a gap: the table freight has no cost of 0 g to the receiver), "
                + "N (a gap: the table freight has no cost of 0 g to the receiver), "
                + "S (by the table freight nothing of 0 g goes to the receiver) (rule places)")
        bench.verify()
    }

    @Test("for a gap nobody is rejected, whatever the policy says: it goes by all that is ordered")
    func gapIsNoFault() {
        var action = SourceAction.named(["N"])
        action.costs = "freight"
        var bench = bench(action) { rules in
            var freight = RuleTable()
            freight.add(RuleTable.Way(from: "N", to: "*"), .init(upTo: 1_000, value: 800))
            rules.tables["freight"] = freight
        }
        bench.set.reference.products["A"]?.weight = 500
        bench.place("web/1", [.of("A", 3, at: 10)])
        #expect(bench.holds("web/1") == [.noWarehouse])
        bench.place("web/2", [.of("A", 1, at: 10), .of("A", 1, at: 10), .of("A", 1, at: 10)])
        #expect(bench.holds("web/2") == [.noWarehouse, .noWarehouse, .noWarehouse])
        for number in ["web/1", "web/2"] {
            let told = bench.state(number)?.openHolds.first?.detail
            let text = "no warehouse gives A: N (a gap: the table freight has no cost of 1500 g to the receiver)"
            #expect(told == text + " (rule places)")
        }
        // What is not there at all is none of the table's.
        bench.place("web/3", [.of("A", 11, at: 10)])
        #expect(bench.status("web/3") == .rejected)
        bench.verify()
    }

    @Test("where another warehouse is asked and has too little, the gap that keeps it from its place is told")
    func gapBeside() {
        var action = SourceAction.everywhere
        action.costs = "freight"
        var bench = bench(action) { rules in
            rules.tables["freight"] = table(["N": ["北京": 500], "S": ["*": 900], "E": ["*": 900]])
        }
        bench.receive("A", "N", 20)
        bench.place("web/1", [.of("A", 20, at: 10)])
        #expect(bench.holds("web/1") == [.noWarehouse])
        bench.verify()
    }

    @Test("a weight for which nothing goes is no gap: the policy counts, and heavier ones go")
    func closedWeight() {
        var action = SourceAction.named(["N"])
        action.costs = "freight"
        var bench = bench(action) { rules in
            var freight = RuleTable()
            freight.add(RuleTable.Way(from: "N", to: "*"), .init(upTo: 1_000, value: nil))
            freight.add(RuleTable.Way(from: "N", to: "*"), .init(value: 9_000))
            rules.tables["freight"] = freight
        }
        bench.set.reference.products["A"]?.weight = 1_000
        bench.place("web/1", [.of("A", 1, at: 10)])
        #expect(bench.status("web/1") == .rejected)
        bench.place("web/2", [.of("A", 2, at: 10)])
        #expect(warehouses(bench, "web/2") == ["N"])
        bench.verify()
    }

    @Test("the warehouses that were asked are named, each with why it was passed over")
    func whyEach() {
        var today = SourceAction.Step()
        today.isToday = true
        today.warehouses = ["N", "nowhere", "S"]
        var action = SourceAction(steps: [today])
        action.forbidden = ["S"]
        var bench = bench(action) { $0.warehouses["N", default: WarehouseRule()].cutOff = 60 }
        bench.place("tm/1", [.of("A", 1, at: 10)])
        #expect(
            bench.state("tm/1")?.openHolds.first?.detail
                == "no warehouse gives A: N (past its cut-off), nowhere (not known), S (forbidden by the rule) (rule places)"
        )
        bench.follow(.named(["E"]))
        bench.set.reference.products["C"] = Product(sku: "C")
        bench.receive("C", "N", 5)
        bench.place("tm/2", [.of("C", 1, at: 10)])
        #expect(bench.state("tm/2")?.openHolds.first?.detail == "no warehouse gives C: E (keeps none) (rule places)")
        bench.verify()
    }

    @Test("a warehouse takes the orders of its day, and the next one the others; then those of the days that come")
    func capacity() {
        var bench = bench(.named(["N", "S"])) { rules in
            rules.warehouses["N", default: WarehouseRule()].capacity = 2
            rules.warehouses["S", default: WarehouseRule()].capacity = 1
        }
        let found = (1...5).map { place("tm/\($0)", &bench) }
        #expect(found == [["N"], ["N"], ["S"], ["N"], ["N"]])
        let days = Set((1...5).compactMap { bench.state("tm/\($0)")?.fulfilments.all.first?.workday })
        #expect(days.count == 2)
        bench.verify()
    }

    @Test("what staff split off is work of the same day, which is given back with the last of it")
    func splitOff() {
        var bench = bench(.named(["N"])) { $0.warehouses["N", default: WarehouseRule()].capacity = 1 }
        bench.place("web/1", [.of("A", 2, at: 100)])
        let day = bench.state("web/1")?.fulfilments.all.first?.workday
        #expect(day != nil)
        bench.command(.split([LineQuantity(line: 1, quantity: 1)], fulfilment: nil), "web/1")
        #expect(bench.state("web/1")?.fulfilments.all.map(\.workday) == [day, day])
        bench.verify()
    }

    @Test("with no time in seven days it waits for people, and says why; the day after there is time again")
    func full() {
        var bench = bench(.named(["N"])) { $0.warehouses["N", default: WarehouseRule()].capacity = 1 }
        for number in 1...7 { #expect(place("tm/\(number)", &bench) == ["N"]) }
        #expect(place("tm/8", &bench) == [])
        #expect(bench.holds("tm/8") == [.noWarehouse])
        bench.now = bench.now.adding(seconds: 86_400)
        bench.command(.retry, "tm/8")
        #expect(warehouses(bench, "tm/8") == ["N"])
        bench.verify()
    }

    @Test("several parts of an order in one warehouse are one; it has its time back when the last of them is gone")
    func givenBack() {
        var bench = bench(.named(["N", "S"])) { $0.warehouses["N", default: WarehouseRule()].capacity = 1 }
        var split = Rule("parcels", .split)
        var limits = SplitAction()
        limits.maximumValue = 10
        split.actions = [.split(limits)]
        bench.follow(.named(["N", "S"]), [split]) { $0.warehouses["N", default: WarehouseRule()].capacity = 1 }
        bench.place("web/1", [.of("A", 2, at: 10)])
        #expect(warehouses(bench, "web/1") == ["N", "N"])
        #expect(place("tm/1", &bench) == ["S"])
        bench.command(.cancelLines([LineQuantity(line: 1, quantity: 1)]), "web/1")
        #expect(place("tm/2", &bench) == ["S"])
        bench.command(.cancel, "web/1")
        #expect(bench.status("web/1") == .cancelled)
        #expect(place("tm/3", &bench) == ["N"])
        bench.verify()
    }

    @Test("what was handed over keeps its day, also where the warehouse refuses it")
    func kept() {
        var bench = bench(.named(["N", "S"])) { $0.warehouses["N", default: WarehouseRule()].capacity = 1 }
        #expect(place("tm/1", &bench) == ["N"])
        #expect(bench.status("tm/1") == .released)
        bench.report(.rejected, "tm/1", document: "R")
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["N", "S"])
        #expect(place("tm/2", &bench) == ["S"])
        bench.verify()
    }

    @Test("after its cut-off time a warehouse works tomorrow; a step may ask only those that still work today")
    func cutOff() {
        var today = SourceAction.Step()
        today.isToday = true
        today.warehouses = ["N", "S"]
        // The bench's clock begins at 08:00 of a day in UTC.
        let edit: (inout RuleSet) -> Void = { rules in
            rules.warehouses["N", default: WarehouseRule()].cutOff = 8 * 60 + 30
            rules.warehouses["N", default: WarehouseRule()].capacity = 1
            rules.warehouses["S", default: WarehouseRule()].cutOff = 10 * 60
        }
        var bench = bench(SourceAction(steps: [today, .everywhere]), edit)
        #expect(place("tm/1", &bench) == ["N"])
        bench.now = bench.now.adding(seconds: 3_600)
        #expect(place("tm/2", &bench) == ["S"])
        bench.now = bench.now.adding(seconds: 3_600)
        #expect(place("tm/3", &bench) == ["N"])
        let days = ["tm/1", "tm/3"].compactMap { bench.state($0)?.fulfilments.all.first?.workday }
        #expect(days.count == 2 && days[0] + 1 == days[1])
        bench.verify()
    }
}

extension SourceAction.Step {
    fileprivate static let everywhere = SourceAction.Step()
}

extension SourceAction {
    /// From any warehouse.
    static var everywhere: SourceAction { SourceAction(steps: [Step()]) }

    /// From these, best first.
    static func named(_ warehouses: [String]) -> SourceAction {
        var step = Step()
        step.warehouses = warehouses
        return SourceAction(steps: [step])
    }
}

extension Bench {
    /// Sources by a rule `places`.
    mutating func follow(
        _ action: SourceAction, _ others: [Rule] = [], _ edit: (inout RuleSet) -> Void = { _ in }
    ) {
        var rule = Rule("places", .source)
        rule.actions = [.source(action)]
        follow([rule] + others, edit)
    }
}
