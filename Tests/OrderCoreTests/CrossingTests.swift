import OrderCore
import OrderSimulator
import Testing

@Suite("Facts that cross each other")
struct CrossingTests {
    @Test("stock that a shipped order could not give up is taken from the next")
    func takeFurther() {
        var bench = Bench(stock: ["A": 8])
        bench.place("web/1", [.of("A", 5, at: 10)], term: .onAccount)
        bench.place("web/2", [.of("A", 3, at: 10)], term: .onAccount)
        bench.count("A", "N", 5)
        #expect(bench.stock("A").missing == 3)
        bench.takeAways = []
        bench.ship("P2", [:], "web/2")
        bench.fire(own: .takeAway, "web/2", "A@N")
        #expect(bench.takeAways == [StockKey(sku: "A", warehouse: "N")])
        bench.runTakeAways()
        #expect(bench.stock("A").missing == 0)
        #expect(bench.holds("web/1").contains(.stockLost))
        bench.verify()
    }

    @Test("a parcel whose total a larger one has overtaken is known all the same, and can be delivered")
    func overtakenTotal() {
        var bench = Bench(stock: ["A": 9])
        bench.place("web/1", [.of("A", 3, at: 10)], term: .onAccount)
        let first = bench.reporting(.shipped, parcel: "P1", [1: 1], isCumulative: true)
        bench.feed(bench.reporting(.shipped, parcel: "P2", [1: 3], isCumulative: true))
        bench.feed(first)
        #expect(bench.status() == .shipped)
        #expect(bench.line(1)?.shipped == 3)
        bench.deliver("P1")
        bench.deliver("P2")
        #expect(bench.parked().isEmpty)
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("captured less than was asked for: the rest is asked for")
    func capturedLess() {
        var bench = Bench { $0.capture = .onRelease }
        bench.place("web/1", [.of("A", 1, at: 100)])
        bench.feed(bench.paying(.authorized, "web/1", 100, "T1"))
        #expect(bench.requests(.capture).map(\.amount) == [100])
        bench.feed(bench.paying(.captured, "web/1", 80, "T1", answering: "web/1-C1"))
        #expect(bench.requests(.capture).map(\.amount) == [100, 20])
        bench.feed(bench.paying(.captured, "web/1", 20, "T1", reference: "2", answering: "web/1-C2"))
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("cash on delivery is never captured, whatever the channel captures")
    func cash() {
        var bench = Bench { $0.capture = .onRelease }
        bench.place("web/1", [.of("A", 1, at: 100)], term: .cashOnDelivery)
        #expect(bench.status() == .released)
        #expect(bench.holds().isEmpty)
        #expect(bench.requests(.capture).isEmpty)
        bench.verify()
    }

    @Test("more came back than was wanted: stock gets all of it, the line what it had")
    func moreBack() {
        var bench = Bench(stock: ["A": 3])
        bench.place("web/1", [.of("A", 3, at: 10)], term: .onAccount)
        bench.report(.short, [1: 1], document: "D")
        bench.ship("P1", [1: 3])
        bench.report(.returnedToSender, parcel: "P1")
        bench.command(.cancel)
        #expect(bench.status() == .cancelled)
        #expect(bench.line(1)?.returned == 2)
        bench.verify()
    }

    @Test("what gets no answer is asked again after twice the time, never more often than once a minute")
    func backOff() {
        var bench = Bench { $0.inDoubtAfter = 0 }
        bench.place("web/1", [.of("A", 1, at: 100)])
        bench.pay(150)
        var waits: [Int64] = []
        for _ in 0..<3 {
            bench.fire(.inDoubt)
            let due = bench.timer(.inDoubt)?.dueAt.microseconds ?? 0
            waits.append((due - bench.now.microseconds) / 1_000_000)
        }
        #expect(waits == [120, 240, 480])
        bench.verify()
    }
}
