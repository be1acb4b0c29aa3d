import OrderCore
import OrderSimulator
import Testing

@Suite("Sourcing by rules")
struct SourceRuleTests {
    /// Stock by warehouse.
    private func bench(
        _ action: SourceAction, _ stock: [String: [String: Int64]], _ policy: (inout StorePolicy) -> Void = { _ in }
    ) -> Bench {
        var bench = Bench(policy, stock: [:])
        for code in ["E", "W", "X"] { bench.set.reference.warehouses[code] = Warehouse(code: code, priority: 9) }
        for (warehouse, levels) in stock.sorted(by: { $0.key < $1.key }) {
            for (sku, units) in levels.sorted(by: { $0.key < $1.key }) { bench.receive(sku, warehouse, units) }
        }
        var rule = Rule("east-first", .source)
        rule.actions = [.source(action)]
        bench.follow([rule])
        return bench
    }

    private func step(_ warehouses: [String], partial: Bool = false, least: Int64 = 0) -> SourceAction.Step {
        var step = SourceAction.Step()
        step.warehouses = warehouses
        step.isPartial = partial
        step.minimumValue = least
        return step
    }

    private func warehouses(_ bench: Bench, _ number: String = "tm/1") -> [String] {
        bench.state(number)?.fulfilments.all.map(\.warehouse) ?? []
    }

    @Test("named warehouses in their order; the journal says which rule of which version, and why")
    func named() {
        var bench = bench(
            SourceAction(steps: [step(["E", "W"])]), ["N": ["A": 9], "E": ["A": 9], "W": ["A": 9, "B": 9]])
        bench.place("tm/1", [.of("A", 1, at: 10)])
        bench.place("tm/2", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(warehouses(bench) == ["E"])
        #expect(warehouses(bench, "tm/2") == ["W"])
        let why = bench.journal.first { $0.orderNumber == "tm/1" }?.why ?? ""
        #expect(why.contains("sourced from E: whole order in one warehouse (rule east-first, v12)"))
        bench.verify()
    }

    @Test("a step that can't give all gives nothing; the next one is asked for all of it")
    func nextStep() {
        var bench = bench(SourceAction(steps: [step(["E"]), step([])]), ["E": ["A": 9], "N": ["A": 9, "B": 9]])
        bench.place("tm/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(warehouses(bench) == ["N"])
        bench.verify()
    }

    @Test("a partial step gives what it can, the next one the rest")
    func partial() {
        var bench = bench(
            SourceAction(steps: [step(["E"], partial: true), step(["N"])]), ["E": ["A": 9], "N": ["A": 9, "B": 9]])
        bench.place("tm/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(warehouses(bench) == ["E", "N"])
        let why = bench.journal.first { $0.orderNumber == "tm/1" }?.why ?? ""
        #expect(why.contains("sourced from E: part of the order"))
        bench.verify()
    }

    @Test("all or none: what a partial step could give is not reserved where the rest has no place")
    func allOrNone() {
        var bench = bench(
            SourceAction(steps: [step(["E"], partial: true), step(["N"])]), ["E": ["A": 9], "N": ["A": 9]])
        bench.place("tm/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(bench.holds("tm/1") == [.noWarehouse])
        #expect(bench.stock("A", "E").reserved == 0)
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(bench.status() == .rejected)
        bench.verify()
    }

    @Test("a part is taken only where it, and what is left, are worth so much", arguments: [20, 21, 30, 31] as [Int64])
    func minimum(least: Int64) {
        var bench = bench(
            SourceAction(steps: [step(["E"], partial: true, least: least), step(["N"])]),
            ["E": ["A": 9], "N": ["A": 9, "B": 9]])
        bench.place("tm/1", [.of("A", 3, at: 10), .of("B", 1, at: 20)])
        #expect(warehouses(bench) == (least == 20 ? ["E", "N"] : ["N"]))
        bench.verify()
    }

    @Test("what two steps take of one SKU never sums to more than there is")
    func oneStock() {
        var bench = bench(
            SourceAction(steps: [step(["E"], partial: true), step(["E", "N"])]), ["E": ["A": 5], "N": ["A": 3]])
        bench.place("tm/1", [.of("A", 4, at: 10), .of("A", 3, at: 10)])
        #expect(bench.stock("A", "E").reserved == 4)
        #expect(bench.stock("A", "N").reserved == 3)
        bench.verify()
    }

    @Test("a warehouse that a step names twice has its stock once")
    func namedTwice() {
        var bench = bench(SourceAction(steps: [step(["E", "E"])]), ["E": ["A": 5]])
        bench.place("tm/1", [.of("A", 4, at: 10), .of("A", 3, at: 10)])
        #expect(bench.holds("tm/1") == [.outOfStock, .outOfStock])
        bench.verify()
    }

    @Test("a forbidden, an unknown and an inactive warehouse are never asked")
    func forbidden() {
        var action = SourceAction(steps: [step(["E", "nowhere", "W"]), step([])])
        action.forbidden = ["E"]
        var bench = bench(action, ["E": ["A": 9], "W": ["A": 9], "X": ["A": 1]])
        bench.set.reference.warehouses["W"]?.isActive = false
        bench.place("tm/1", [.of("A", 1, at: 10)])
        #expect(warehouses(bench) == ["X"])
        bench.place("tm/2", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/2") == [.outOfStock])
        bench.verify()
    }

    @Test("what waits is accepted, also where orders are rejected otherwise; stock that comes in serves it")
    func waits() {
        var action = SourceAction(steps: [step([], partial: true)])
        action.waits = true
        var bench = bench(action, ["N": ["A": 5]])
        bench.place("web/1", [.of("A", 1, at: 10), .of("B", 1, at: 10)])
        #expect(bench.status() == .awaitingPayment)
        #expect(bench.stock("A").reserved == 1)
        bench.place("web/2", [.of("C", 1, at: 10)])
        #expect(bench.status("web/2") == .awaitingPayment)
        #expect(bench.holds("web/2") == [.noWarehouse])
        bench.receive("B", "N", 1)
        bench.receive("C", "N", 1)
        bench.fire(own: .revalidate)
        bench.fire(own: .revalidate, "web/2")
        #expect(bench.holds().isEmpty)
        #expect(bench.holds("web/2").isEmpty)
        bench.verify()
    }

    @Test("what has waited for too long people look at, once; it is served all the same, and not handed over before")
    func givesUp() {
        var action = SourceAction(steps: [step([])])
        action.waits = true
        action.givesUpAfter = 86_400
        var bench = bench(action, ["N": ["A": 5]])
        bench.place("tm/1", [.of("B", 1, at: 10)])
        let due = bench.timer(.backorder, "tm/1")?.dueAt
        #expect(due == bench.now.adding(seconds: 86_400))
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.timer(.backorder, "tm/1")?.dueAt == due)
        bench.fire(.backorder, "tm/1")
        #expect(bench.holds("tm/1") == [.manual, .noWarehouse])
        bench.receive("B", "N", 1)
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.holds("tm/1") == [.manual])
        #expect(bench.status("tm/1") == .awaitingRelease)
        bench.command(.release(nil), "tm/1")
        #expect(bench.status("tm/1") == .released)
        bench.place("tm/2", [.of("B", 1, at: 10)])
        bench.receive("B", "N", 5)
        bench.fire(own: .revalidate, "tm/2")
        bench.fire(.backorder, "tm/2")
        #expect(bench.holds("tm/2").isEmpty)
        bench.verify()
    }

    @Test("what is refused goes to the next warehouse of the rule by itself, never to one that has refused")
    func refused() {
        var bench = bench(
            SourceAction(steps: [step(["E", "W", "X"])]), ["E": ["A": 9], "W": ["A": 9], "X": ["A": 9], "N": ["A": 9]])
        bench.place("tm/1", [.of("A", 1, at: 10)])
        for warehouse in ["E", "W"] {
            bench.report(.rejected, "tm/1", from: warehouse, document: warehouse)
            #expect(bench.holds("tm/1") == [.warehouseRejected])
            bench.fire(.sourceAgain, "tm/1")
        }
        #expect(warehouses(bench) == ["E", "W", "X"])
        #expect(bench.status("tm/1") == .released)
        #expect(bench.holds("tm/1").isEmpty)
        #expect(bench.stock("A", "E").reserved == 0)
        bench.report(.rejected, "tm/1", from: "X", document: "X")
        bench.fire(.sourceAgain, "tm/1")
        #expect(bench.holds("tm/1") == [.warehouseRejected])
        #expect(bench.stock("A", "X").reserved == 1)
        #expect(bench.journal.last?.why.contains("no other warehouse has the stock") == true)
        bench.verify()
    }

    @Test("refused four times it is not sourced again by itself; staff may")
    func refusedOften() {
        let codes = ["E", "N", "S", "W", "X"]
        var bench = bench(
            SourceAction(steps: [step(codes)]), Dictionary(uniqueKeysWithValues: codes.map { ($0, ["A": 1]) }))
        bench.place("tm/1", [.of("A", 1, at: 10)])
        for code in codes.prefix(4) {
            bench.report(.rejected, "tm/1", from: code, document: code)
            bench.fire(.sourceAgain, "tm/1")
        }
        #expect(warehouses(bench) == ["E", "N", "S", "W"])
        #expect(bench.holds("tm/1") == [.warehouseRejected])
        #expect(bench.journal.last?.why.contains("4 warehouses have refused") == true)
        bench.command(.retry, "tm/1")
        #expect(warehouses(bench).last == "X")
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("counted are the warehouses that refused, not the parcels of one that refused all of them at once")
    func refusedAtOnce() {
        var bench = bench(SourceAction(steps: [step(["E", "W"])]), ["E": ["A": 9], "W": ["A": 9]])
        var action = SourceAction(steps: [step(["E", "W"])])
        action.mostAgain = 1
        var limits = SplitAction()
        limits.maximumValue = 10
        let parcels = Rule.made("parcels", .split, .all([]), .split(limits))
        bench.follow(action, [parcels])
        bench.place("tm/1", [.of("A", 3, at: 10)])
        for id in bench.state("tm/1")?.fulfilments.all.map(\.id) ?? [] {
            bench.feed(bench.reporting(.rejected, "tm/1", from: "E", fulfilment: id, document: id))
        }
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["E", "E", "E", "W", "W", "W"])
        #expect(bench.holds("tm/1").isEmpty)
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("a warehouse that has refused is asked no more, whatever makes the order be sourced again")
    func refusedForGood() {
        var bench = bench(SourceAction(steps: [step(["E", "W"])]), ["E": ["A": 9], "W": ["A": 9]])
        bench.place("web/1", [.of("A", 1, at: 10)], term: .onAccount)
        bench.report(.rejected, from: "E", document: "R")
        bench.command(.hold(detail: "wait"))
        bench.fire(.sourceAgain)
        #expect(warehouses(bench, "web/1") == ["E", "W"])
        #expect(
            bench.command(.source(warehouse: "E")) == .refused("E has refused part of the order, or was short of it"))
        bench.command(.editLines([LineEdit(line: 1, quantity: 2)]))
        #expect(bench.stock("A", "E").reserved == 0)
        #expect(bench.stock("A", "W").reserved == 2)
        bench.verify()
    }

    @Test("what a warehouse is short of comes from another, where it is not cancelled by policy")
    func short() {
        var bench = bench(SourceAction(steps: [step(["E", "W"])]), ["E": ["A": 9], "W": ["A": 9]]) {
            $0.onShort = .hold
        }
        bench.place("tm/1", [.of("A", 3, at: 10)])
        bench.report(.short, "tm/1", from: "E", [1: 1], document: "S")
        bench.fire(.sourceAgain, "tm/1")
        #expect(warehouses(bench) == ["E", "W"])
        #expect(bench.stock("A", "W").reserved == 1)
        #expect(bench.holds("tm/1").isEmpty)
        bench.verify()
    }

    @Test("people who are quicker than the due row have seen to it; what was made to order is for people alone")
    func seenTo() {
        var bench = bench(SourceAction(steps: [step([])]), ["N": ["A": 9], "E": ["A": 9], "W": ["A": 9]])
        bench.place("web/1", [.of("A", 1, at: 10)], term: .onAccount)
        bench.report(.rejected, document: "R")
        bench.command(.retry)
        bench.fire(.sourceAgain)
        #expect(warehouses(bench, "web/1") == ["N", "E"])
        bench.place("web/2", [.of("M", 1, at: 10)], term: .onAccount)
        bench.feed(bench.producing(1, of: 1, "web/2", in: "N", document: "D"))
        bench.report(.rejected, "web/2", document: "R2")
        #expect(bench.timer(.sourceAgain, "web/2") == nil)
        #expect(bench.holds("web/2") == [.warehouseRejected])
        bench.verify()
    }

    @Test("without a rule what is refused is for people, as before")
    func withoutRule() {
        var bench = Bench(stock: ["A": 5])
        bench.receive("A", "S", 5)
        bench.place("tm/1", [.of("A", 1, at: 10)])
        bench.report(.rejected, "tm/1", document: "R")
        #expect(bench.holds("tm/1") == [.warehouseRejected])
        bench.verify()
    }

    @Test("a warehouse ships to its areas alone, and the cheaper of two parcels is taken")
    func areas() {
        var bench = Bench(stock: ["A": 9])
        bench.receive("A", "S", 9)
        bench.set.reference.warehouses["N"]?.parcelCosts = ["*": 900]
        bench.set.reference.warehouses["S"]?.parcelCosts = ["*": 1_200, "杭州": 800]
        bench.place("tm/1", [.of("A", 1, at: 10)])
        #expect(warehouses(bench) == ["S"])
        bench.place("tm/2", [.of("A", 1, at: 10)]) { $0.receiver.city = "北京" }
        #expect(warehouses(bench, "tm/2") == ["N"])
        bench.set.reference.warehouses["N"]?.areas = ["浙江"]
        bench.set.reference.warehouses["S"]?.parcelCosts = ["杭州": 800]
        bench.place("tm/3", [.of("A", 1, at: 10)]) { $0.receiver.city = "北京" }
        #expect(bench.holds("tm/3") == [.noWarehouse])
        let detail = bench.state("tm/3")?.openHolds.first?.detail
        let why = "does not ship to the receiver"
        #expect(detail == "no warehouse gives A: N (\(why)), S (\(why))")
        bench.verify()
    }
}
