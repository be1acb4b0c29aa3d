import OrderCore
import OrderSimulator
import Testing

@Suite("The limits of the contract never trap")
struct LimitTests {
    @Test("2,000 lines at the largest amount are refused, not wrapped")
    func largestGoods() {
        var bench = Bench()
        let lines = (1...2_000).map { _ in OrderPlaced.Line.of("A", 1, at: Limits.amountMinor) }
        bench.place("web/1", lines)
        #expect(bench.status() == .rejected)
        bench.place("tm/1", [.of("A", Limits.quantity, at: Limits.amountMinor)])
        #expect(bench.holds("tm/1").contains(.malformed))
        bench.verify()
    }

    @Test("2,000 lines that sum to the largest amount go through to the end")
    func largestOrder() {
        var bench = Bench(stock: ["A": 5_000])
        let lines = (1...2_000).map { _ in OrderPlaced.Line.of("A", 1, at: Limits.amountMinor / 2_000) }
        bench.place("web/1", lines)
        bench.pay(Limits.amountMinor)
        #expect(bench.status() == .released)
        bench.ship()
        bench.deliver()
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("2,000 lines that no warehouse can serve alone are refused quickly")
    func hardSourcing() {
        var bench = Bench(stock: [:])
        for number in 1...20 {
            bench.set.reference.warehouses["W\(number)"] = Warehouse(code: "W\(number)")
            bench.receive("A", "W\(number)", 60)
        }
        let lines = (1...2_000).map { _ in OrderPlaced.Line.of("A", 1, at: 1) }
        bench.place("tm/1", lines)
        #expect(bench.holds("tm/1").count == 2_000)
        bench.verify()
    }

    @Test("largest quantities, in stock and out of it")
    func largestQuantity() {
        var bench = Bench(stock: ["A": Limits.amountMinor])
        bench.receive("A", "N", Limits.amountMinor)
        #expect(bench.stock("A").onHand == Limits.amountMinor)
        bench.place("web/1", [.of("A", Limits.quantity, at: 1_000_000_000)])
        bench.pay(Limits.amountMinor)
        bench.ship("P1", [1: Limits.quantity])
        #expect(bench.status() == .shipped)
        bench.count("A", "N", .max)
        bench.feed(bench.stocking(.adjusted, "A", "N", .min))
        bench.feed(bench.stocking(.adjusted, "A", "N", .max))
        bench.verify()
    }

    @Test("as many of the largest payments as anyone may send")
    func manyPayments() {
        var bench = Bench()
        bench.place()
        for number in 1...200 {
            bench.pay(Limits.amountMinor, "web/1", "T\(number)")
            bench.feed(bench.paying(.chargedBack, "web/1", Limits.amountMinor, "T\(number)", reference: "c"))
        }
        bench.verify()
    }

    @Test("an order takes no more payment facts than a limit")
    func manyFacts() {
        var bench = Bench()
        bench.place()
        var state = bench.set.orders["web/1"]
        for number in 1...Limits.paymentFacts {
            let key = PaymentFact.Key(
                gateway: "g", transaction: "X\(number % 7)", kind: .authorized, reference: "\(number)")
            let fact = PaymentFact(
                key: key, amount: Limits.amountMinor, isCumulative: false, currency: .cny, occurredAt: bench.now,
                sequence: Int64(number), requestID: nil)
            state?.facts.insert(fact)
        }
        guard let state else { return }
        #expect(state.payments.count == 7)
        var decider = Decider(bench.set, now: bench.now)
        #expect(decider.decide(bench.paying(.captured, "web/1", 200)).isDone)
        var full = bench.set
        full.orders["web/1"] = state
        decider = Decider(full, now: bench.now)
        #expect(decider.decide(bench.paying(.captured, "web/1", 200)).isConflict)
    }

    @Test("times far away", arguments: [Int64.min, -1, 0, 253_402_300_799_999_999, Int64.max])
    func farAway(microseconds: Int64) {
        let time = Timestamp(microseconds: microseconds)
        var bench = Bench {
            $0.releaseDelay = .max
            $0.noAnswerAfter = .max
            $0.autoReceiveAfterShipping = .min
            $0.paymentTolerance = .max
        }
        bench.place { $0.placedAt = time }
        bench.feed(bench.paying(.captured, "web/1", 200, at: time))
        bench.count("A", "N", 50, at: time)
        bench.feed(bench.reporting(.shipped, parcel: "P1", at: time))
        #expect(bench.timer(.releaseDelay)?.dueAt == Timestamp(microseconds: .max))
        bench.verify()
    }

    @Test("hostile quantities in reports are conflicts", arguments: [Int64.max, .min, -1, 0, 1_000_001])
    func hostileQuantities(quantity: Int64) {
        var bench = Bench()
        bench.place()
        bench.pay(200)
        for kind in [FulfilmentReport.Kind.short, .shipped] {
            var message = bench.reporting(kind, parcel: "P\(kind)", document: "D")
            if case .fulfilment(var report) = message.payload {
                report.lines = [LineQuantity(line: 1, quantity: quantity), LineQuantity(line: 1, quantity: quantity)]
                message.payload = .fulfilment(report)
            }
            bench.feed(message)
        }
        #expect(bench.line(1)?.open == 2)
        bench.verify()
    }
}
