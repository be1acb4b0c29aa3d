import OrderCore
import OrderSimulator
import Testing

@Suite("Placing an order")
struct PlacementTests {
    @Test("a valid unpaid order waits for payment with its stock reserved and a timer running")
    func valid() {
        var bench = Bench()
        #expect(bench.place() == .done)
        #expect(bench.status() == .awaitingPayment)
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.timer(.paymentTimeout) != nil)
        #expect(bench.told() == ["order.accepted"])
        bench.verify()
    }

    @Test(
        "an order that needs no payment first goes straight to its warehouse",
        arguments: [PaymentTerm.prepaid, .onAccount, .cashOnDelivery])
    func satisfied(term: PaymentTerm) {
        var bench = Bench()
        bench.place("tm/1", term: term)
        #expect(bench.path("tm/1") == [.awaitingRelease, .released])
        #expect(bench.timer(.paymentTimeout, "tm/1") == nil)
        bench.verify()
    }

    @Test("an order at price zero needs no payment")
    func free() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 1, at: 0)])
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("the same order again has no effect; other content under its number is a conflict")
    func repeats() {
        var bench = Bench()
        bench.place()
        let version = bench.state()?.order.version
        #expect(bench.place().isDone)
        #expect(bench.place("web/1", [.of("A", 3, at: 100)]).isConflict)
        #expect(bench.state()?.order.version == version)
        #expect(bench.stock("A").reserved == 2)
        #expect(bench.conflicts.map(\.kind) == [.orderNumber])
        bench.verify()
    }

    /// An edit that makes an order invalid, and what is said about it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var code: HoldReason
        var path: String
        var edit: @Sendable (inout OrderPlaced) -> Void
        var testDescription: String { "\(code) at \(path)" }
    }

    static let faults = [
        Fault(code: .noLines, path: "lines") { $0.lines = [] },
        Fault(code: .unknownSKU, path: "lines[0].sku") { $0.lines[0].sku = "Z" },
        Fault(code: .unknownSKU, path: "lines[0].sku") { $0.lines[0].sku = "a" },
        Fault(code: .receiverIncomplete, path: "receiver.address") { $0.receiver.address = " " },
        Fault(code: .receiverIncomplete, path: "receiver.phone") { $0.receiver.phone = nil },
        Fault(code: .amountMismatch, path: "amounts.payableMinor") { $0.claimedPayable = 199 },
        Fault(code: .amountMismatch, path: "amounts.goodsMinor") { $0.claimedGoods = 201 },
        Fault(code: .malformed, path: "amounts") { $0.claimed.discount = 201 },
        Fault(code: .malformed, path: "amounts") { $0.lines[0].unitPrice = Limits.amountMinor },
        Fault(code: .malformed, path: "lines[1].line") { $0.lines.append($0.lines[0]) },
        Fault(code: .malformed, path: "placedAt") { $0.defects = [Reason(.malformed, path: "placedAt", "no time")] },
        Fault(code: .outOfStock, path: "lines[0].sku") { $0.lines[0].quantity = 101 },
    ]

    @Test("what is wrong with a storefront's order rejects it, with code and path told", arguments: faults)
    func rejected(fault: Fault) {
        var bench = Bench()
        #expect(bench.place("web/1", edit: fault.edit).isDone)
        #expect(bench.status() == .rejected)
        #expect(bench.told() == ["order.rejected"])
        #expect(bench.stock("A").reserved == 0)
        guard
            case .orderRejected(_, let reasons) = bench.events.first(where: {
                $0.orderNumber == "web/1" && $0.subject != .alert
            })?.payload
        else {
            Issue.record("no order.rejected")
            return
        }
        #expect(reasons.contains { $0.code == fault.code && $0.path == fault.path })
        bench.verify()
    }

    @Test("what is wrong with a partner's order holds it; nothing is reserved yet", arguments: faults)
    func held(fault: Fault) {
        var bench = Bench()
        bench.place("tm/1", edit: fault.edit)
        #expect(bench.status("tm/1") == .awaitingRelease)
        #expect(bench.holds("tm/1").contains(fault.code))
        #expect(bench.stock("A").reserved == 0)
        // Looking again changes nothing as long as nothing was mended.
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.holds("tm/1").contains(fault.code))
        #expect(bench.status("tm/1") == .awaitingRelease)
        // It can always be cancelled.
        #expect(bench.command(.cancel, "tm/1") == .done)
        #expect(bench.status("tm/1") == .cancelled)
        bench.verify()
    }

    @Test("a wrong sum of goods stays held when a product becomes known")
    func goodsMismatchStays() {
        var bench = Bench()
        bench.place("tm/1", [.of("Z", 1, at: 100)]) { $0.claimedGoods = 90 }
        #expect(bench.holds("tm/1") == [.amountMismatch, .unknownSKU])
        bench.set.reference.products["Z"] = Product(sku: "Z")
        bench.receive("Z", "N", 5)
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.holds("tm/1") == [.amountMismatch])
        bench.command(.override(.amountMismatch), "tm/1")
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("a price beyond the tolerance is a reason; within it, or a gift, is not")
    func prices() {
        var bench = Bench { $0.priceTolerance = 500 }
        bench.set.reference.products["A"]?.prices["*"] = 1_000
        bench.set.reference.products["A"]?.priceCurrency = "CNY"
        bench.place("web/1", [.of("A", 1, at: 1_050), .of("A", 1, at: 0)])
        #expect(bench.status() == .awaitingPayment)
        bench.place("web/2", [.of("A", 1, at: 949)])
        #expect(bench.status("web/2") == .rejected)
        bench.place("tm/1", [.of("A", 1, at: 1_051)])
        #expect(bench.holds("tm/1") == [.priceMismatch])
        bench.verify()
    }

    @Test("an unlisted product, a suspended and an unknown seller hold or reject")
    func sellers() {
        var bench = Bench()
        bench.set.reference.products["C"]?.isListed = false
        bench.place("web/1", [.of("C", 1, at: 1)])
        #expect(bench.status() == .rejected)
        bench.set.reference.sellers[SellerKey(.external, "tm")]?.isActive = false
        bench.place("tm/1")
        #expect(bench.holds("tm/1") == [.partnerSuspended])
        bench.set.reference.sellers[SellerKey(.external, "tm")]?.isActive = true
        bench.fire(own: .revalidate, "tm/1")
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("the recomputed payable stands beside the claimed one")
    func sums() {
        var bench = Bench()
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)]) {
            $0.claimed = Amounts(discount: 30, deduction: 20, shipping: 15, tax: 5)
            $0.claimedPayable = 220
        }
        #expect(bench.state()?.order.payable == 220)
        #expect(bench.state()?.order.due == 220)
        bench.verify()
    }

    @Test("a rejected order placed again is a new attempt in the same journal")
    func again() {
        var bench = Bench()
        bench.place("web/1", [.of("Z", 1, at: 100)])
        #expect(bench.place("web/1", [.of("Z", 1, at: 100)]).isDone)
        #expect(bench.state()?.order.attempt == 1)
        #expect(bench.place().isDone)
        #expect(bench.path() == [.rejected, .awaitingPayment])
        #expect(bench.state()?.order.attempt == 2)
        bench.pay(200)
        #expect(bench.status() == .released)
        #expect(bench.place("web/1", [.of("B", 1, at: 100)]).isConflict)
        bench.verify()
    }

    @Test("a rejected order for which money came can't be placed again; a failed payment does not count")
    func againWithMoney() {
        var bench = Bench()
        bench.place("web/1", [.of("Z", 1, at: 100)])
        bench.feed(bench.paying(.failed, "web/1", 100, "T0"))
        bench.place("web/1", [.of("Y", 1, at: 100)])
        #expect(bench.state()?.order.attempt == 2)
        bench.pay(100)
        #expect(bench.place().isConflict)
        #expect(bench.requests(.refund).map(\.amount) == [100])
        bench.verify()
    }

    @Test("200 orders for the last unit in one batch: one has it, 199 are in one named state")
    func lastUnit() {
        var bench = Bench(stock: ["A": 1])
        let messages = (1...200).map { bench.placing("tm/\($0)", [.of("A", 1, at: 10)]) }
        bench.feed(messages)
        let held = (1...200).filter { bench.holds("tm/\($0)") == [.outOfStock] }
        #expect(held.count == 199)
        #expect(bench.stock("A").reserved == 1)
        bench.verify()
    }
}
