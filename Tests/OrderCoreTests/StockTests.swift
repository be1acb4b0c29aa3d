import OrderCore
import OrderSimulator
import Testing

@Suite("Stock and sourcing")
struct StockTests {
    @Test("two lines of one SKU, 3 + 3 on a stock of 5: all or none")
    func twoLines() {
        var bench = Bench(stock: ["A": 5, "B": 5])
        bench.place("tm/1", [.of("A", 3, at: 10), .of("A", 3, at: 12), .of("B", 1, at: 1)])
        #expect(bench.holds("tm/1") == [.outOfStock, .outOfStock])
        #expect(bench.state("tm/1")?.openHolds.map(\.path) == ["lines[0].sku", "lines[1].sku"])
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.stock("B").reserved == 0)
        #expect(bench.events.contains { $0.payload.name == "stock.short" })
        bench.receive("A", "N", 1)
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.status("tm/1") == .released)
        #expect(bench.stock("A").reserved == 6)
        bench.verify()
    }

    @Test("split backorders: what can be reserved is, line by line; the rest waits, and release waits with it")
    func splitBackorders() {
        var bench = Bench({ $0.allowsSplitBackorders = true }, stock: ["A": 5, "B": 5])
        bench.place("tm/1", [.of("A", 3, at: 10), .of("A", 3, at: 12), .of("B", 1, at: 1), .of("C", 2, at: 1)])
        #expect(bench.state("tm/1")?.openHolds.map(\.path) == ["lines[1].sku", "lines[3].sku"])
        #expect(bench.holds("tm/1") == [.noWarehouse, .outOfStock])
        #expect(bench.stock("A").reserved == 3)
        #expect(bench.stock("B").reserved == 1)
        #expect(bench.events.contains { $0.payload.name == "stock.short" })
        bench.receive("C", "N", 2)
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.holds("tm/1") == [.outOfStock])
        #expect(bench.stock("C").reserved == 2)
        #expect(bench.status("tm/1") == .awaitingRelease)
        bench.receive("A", "S", 3)
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.holds("tm/1").isEmpty)
        #expect(bench.status("tm/1") == .released)
        #expect(bench.stock("A", "S").reserved == 3)
        bench.verify()
    }

    @Test("split backorders are held where orders are rejected otherwise, but not if nothing can be reserved")
    func splitBackordersHeld() {
        var bench = Bench({ $0.allowsSplitBackorders = true }, stock: ["A": 5])
        bench.place("web/1", [.of("A", 2, at: 10), .of("B", 1, at: 10)])
        #expect(bench.status() == .awaitingPayment)
        #expect(bench.holds() == [.noWarehouse])
        bench.place("web/2", [.of("A", 9, at: 10)])
        #expect(bench.status("web/2") == .rejected)
        bench.pay(30)
        #expect(bench.status() == .awaitingRelease)
        bench.ask(.cancel)
        #expect(bench.stock("A").reserved == 0)
        #expect(bench.requests(.refund).map(\.amount) == [30])
        bench.verify()
    }

    @Test("split backorders take what fits from the fewest warehouses")
    func splitBackordersSourcing() {
        var bench = Bench({ $0.allowsSplitBackorders = true }, stock: ["A": 1])
        bench.receive("A", "S", 5)
        bench.receive("B", "S", 5)
        bench.place("tm/1", [.of("A", 1, at: 10), .of("B", 1, at: 10), .of("C", 1, at: 10)])
        #expect(bench.state("tm/1")?.fulfilments.all.map(\.warehouse) == ["S"])
        bench.verify()
    }

    @Test("safety stock is never promised")
    func safety() {
        var bench = Bench(stock: ["A": 5])
        var message = bench.stocking(.received, "A", "N", 1)
        if case .stock(var report) = message.payload {
            report.safety = 2
            message.payload = .stock(report)
        }
        bench.feed(message)
        bench.place("web/1", [.of("A", 5, at: 10)])
        #expect(bench.status() == .rejected)
        bench.place("web/2", [.of("A", 4, at: 10)])
        #expect(bench.status("web/2") == .awaitingPayment)
        bench.verify()
    }

    @Test("one warehouse for the whole order, even of lower priority; else the fewest")
    func sourcing() {
        var bench = Bench(stock: ["A": 5, "B": 5])
        for sku in ["A", "B"] { bench.receive(sku, "S", 9) }
        bench.place("tm/1", [.of("A", 6, at: 10), .of("B", 1, at: 10)])
        #expect(bench.state("tm/1")?.fulfilments.all.map(\.warehouse) == ["S"])
        bench.place("tm/2", [.of("A", 4, at: 10), .of("B", 9, at: 10)])
        #expect(bench.holds("tm/2") == [.outOfStock])
        bench.place("tm/3", [.of("A", 4, at: 10), .of("B", 8, at: 10)])
        #expect(bench.state("tm/3")?.fulfilments.all.map(\.warehouse) == ["N", "S"])
        bench.verify()
    }

    @Test("a warehouse that is not active or not known gets nothing")
    func inactive() {
        var bench = Bench(stock: ["A": 5])
        bench.receive("A", "X", 50)
        bench.set.reference.warehouses["N"]?.isActive = false
        bench.place("tm/1", [.of("A", 1, at: 10)])
        #expect(bench.holds("tm/1") == [.noWarehouse])
        bench.verify()
    }

    @Test("counted below what is reserved: missing, taken from the newest unshipped order, which is held")
    func takeAway() {
        var bench = Bench({ $0.releaseDelay = 60 }, stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.place("tm/2", [.of("A", 4, at: 10)])
        bench.count("A", "N", 5)
        #expect(bench.stock("A").missing == 3)
        #expect(!bench.takeAways.isEmpty)
        bench.runTakeAways()
        #expect(bench.stock("A").missing == 0)
        #expect(bench.holds("tm/1").isEmpty)
        #expect(bench.holds("tm/2") == [.stockLost])
        bench.fire(.releaseDelay, "tm/1")
        bench.fire(.releaseDelay, "tm/2")
        #expect(bench.status("tm/1") == .released)
        #expect(bench.status("tm/2") == .awaitingRelease)
        #expect(bench.command(.retry, "tm/2").isRefused)
        bench.receive("A", "N", 5)
        bench.command(.retry, "tm/2")
        #expect(bench.status("tm/2") == .released)
        bench.verify()
    }

    @Test("with a warehouse already it is asked back; it comes back open, to be sourced again")
    func askedBack() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.count("A", "N", 2)
        bench.runTakeAways()
        #expect(bench.holds("tm/1") == [.stockLost])
        #expect(bench.count("fulfilment.cancel_requested", "tm/1") == 1)
        bench.report(.cancelled, "tm/1", document: "C")
        #expect(bench.status("tm/1") == .awaitingRelease)
        #expect(bench.line(1, "tm/1")?.cancelled == 0)
        bench.receive("A", "S", 4)
        bench.command(.retry, "tm/1")
        #expect(bench.status("tm/1") == .released)
        #expect(bench.holds("tm/1").isEmpty)
        bench.verify()
    }

    @Test("asked back and refused, then given back after all: still the seller's wish, not the buyer's")
    func askedBackLate() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.count("A", "N", 2)
        bench.runTakeAways()
        bench.report(.cancelRefused, "tm/1", document: "R")
        bench.command(.release(nil), "tm/1")
        bench.report(.cancelled, "tm/1", document: "C")
        #expect(bench.line(1, "tm/1")?.cancelled == 0)
        #expect(bench.holds("tm/1") == [.stockLost])
        bench.verify()
    }

    @Test("asked back, and shipped all the same: the hold is mended")
    func askedBackShipped() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.count("A", "N", 2)
        bench.runTakeAways()
        bench.ship("P1", [:], "tm/1")
        #expect(bench.status("tm/1") == .shipped)
        #expect(bench.holds("tm/1") == [.cancelRefused])
        #expect(bench.stock("A").onHand == 0)
        bench.verify()
    }

    @Test("cancelled while it is asked back: the buyer's wish wins")
    func cancelledWhileAskedBack() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        bench.count("A", "N", 2)
        bench.runTakeAways()
        bench.ask(.cancel, "tm/1")
        bench.report(.cancelled, "tm/1", document: "C")
        #expect(bench.status("tm/1") == .cancelled)
        bench.verify()
    }

    @Test("what comes in lowers what is missing")
    func missingMended() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 8, at: 10)])
        bench.count("A", "N", 5)
        bench.receive("A", "N", 3)
        #expect(bench.stock("A").missing == 0)
        bench.runTakeAways()
        #expect(bench.holds("tm/1").isEmpty)
        bench.verify()
    }

    @Test("facts older than the last count are journalled and settle reservations, but leave what is there")
    func olderThanCount() {
        var bench = Bench(stock: ["A": 10])
        bench.place("tm/1", [.of("A", 4, at: 10)])
        let before = bench.now
        bench.count("A", "N", 6, at: before.adding(seconds: 100))
        bench.feed(bench.stocking(.received, "A", "N", 50, at: before))
        bench.feed(bench.reporting(.shipped, "tm/1", parcel: "P1", at: before))
        #expect(bench.stock("A").onHand == 6)
        #expect(bench.stock("A").reserved == 0)
        bench.count("A", "N", 99, at: before)
        #expect(bench.stock("A").onHand == 6)
        bench.verify()
    }

    @Test("a parcel of more than is there adjusts up first; others' reservations become missing")
    func withoutReservation() {
        var bench = Bench(stock: ["A": 4])
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.ask(.cancel)
        bench.report(.cancelled, document: "C")
        bench.place("web/2", [.of("A", 3, at: 100)])
        bench.ship()
        #expect(bench.stock("A").onHand == 1)
        #expect(bench.stock("A").missing == 2)
        bench.place("web/3", [.of("A", 1, at: 100)])
        #expect(bench.status("web/3") == .rejected)
        bench.verify()
    }

    @Test("adjusted below zero stops at zero; a negative count too")
    func adjusted() {
        var bench = Bench(stock: ["A": 4])
        bench.feed(bench.stocking(.adjusted, "A", "N", -9))
        #expect(bench.stock("A").onHand == 0)
        bench.feed(bench.stocking(.counted, "A", "N", -5))
        #expect(bench.stock("A").onHand == 0)
        bench.verify()
    }

    @Test("available is told once, however often it has changed; below the threshold operations are told")
    func told() {
        var bench = Bench(stock: ["A": 10])
        var message = bench.stocking(.received, "A", "N", 1)
        if case .stock(var report) = message.payload {
            report.lowThreshold = 8
            message.payload = .stock(report)
        }
        bench.feed(message)
        let before = bench.events.count
        bench.feed([bench.placing("tm/1", [.of("A", 2, at: 1)]), bench.placing("tm/2", [.of("A", 2, at: 1)])])
        let stock = bench.events.dropFirst(before).filter { $0.payload.name.hasPrefix("stock.") }
        #expect(stock.map(\.payload.name) == ["stock.low"])
        #expect(bench.stockToTell == [StockKey(sku: "A", warehouse: "N")])
        bench.fire(own: .stockChanged, "", "A@N")
        #expect(bench.events.last?.payload == .stockChanged(StockKey(sku: "A", warehouse: "N"), available: 7))
        bench.verify()
    }

    @Test("the same document again has no effect; with another figure it is a conflict")
    func repeats() {
        var bench = Bench()
        bench.feed(bench.stocking(.received, "A", "N", 5, document: "X"))
        bench.feed(bench.stocking(.received, "A", "N", 5, document: "X"))
        #expect(bench.stock("A").onHand == 105)
        #expect(bench.feed(bench.stocking(.received, "A", "N", 6, document: "X")).isConflict)
        bench.verify()
    }

    @Test("what is reserved again while another line still waits for stock is in the journal, and says why")
    func reservedAgain() {
        var bench = Bench({ $0.allowsSplitBackorders = true }, stock: ["A": 2])
        bench.place("web/1", [.of("A", 2, at: 10), .of("B", 1, at: 10)], term: .onAccount)
        bench.count("A", "N", 0)
        bench.runTakeAways()
        bench.receive("A", "N", 2)
        bench.fire(own: .revalidate)
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.journal.last?.why.contains("reserved") == true)
        bench.verify()
    }
}
