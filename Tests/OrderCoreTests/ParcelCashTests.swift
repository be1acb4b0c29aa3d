import OrderCore
import OrderSimulator
import Testing

@Suite("What the carrier of a parcel with several cash orders collects")
struct ParcelCashTests {
    /// Cash orders of one buyer over 100, 200, … in one parcel.
    private func boarded(_ count: Int64 = 3) -> Bench {
        var bench = Bench.merging()
        for number in 1...count {
            bench.place("web/\(number)", [.of("A", number, at: 100)], term: .cashOnDelivery) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        return bench
    }

    /// `web/1` and `web/2` have a parcel in `N`, `web/2` and `web/3` one in `S`; `web/2` owes 101, of which 1 is shipping.
    private func overTwoWarehouses(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench.merging(policy)
        bench.count("B", "N", 0)
        bench.receive("B", "S", 20)
        let lines: [[OrderPlaced.Line]] = [
            [.of("A", 1, at: 300)], [.of("A", 1, at: 50), .of("B", 1, at: 50)], [.of("B", 1, at: 700)],
        ]
        for (index, lines) in lines.enumerated() {
            bench.place("web/\(index + 1)", lines, term: .cashOnDelivery) {
                $0.buyer = "li"
                if index == 1 { $0.claimed.shipping = 1 }
            }
        }
        bench.fire(.merge)
        return bench
    }

    /// What the warehouse was asked to collect last by the parcel that `web/1` leads.
    private func asked(_ bench: Bench) -> Int64? { bench.amends.last?.collect }

    @Test("one order leaves, then another: each time it is what those that stay owe")
    func amendedTwice() {
        var bench = boarded()
        #expect(bench.handOvers.map { $0.others.reduce($0.collect) { $0 + $1.collect } } == [600])
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        #expect(asked(bench) == 400)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        bench.ask(.cancel, "web/3")
        bench.fire(.amendParcel)
        #expect(asked(bench) == 100)
        bench.tellOfParcel(.amended, answering: "web/1-M1.3")
        #expect([1, 2, 3].map { bench.state("web/\($0)")?.order.due } == [100, 0, 0])
        bench.verify()
    }

    @Test("another leaves before the warehouse has answered: neither is counted, whichever is answered first")
    func amendedTwiceAtOnce() {
        for answers in [[2, 3], [3, 2]] {
            var bench = boarded()
            bench.ask(.cancel, "web/2")
            bench.fire(.amendParcel)
            bench.ask(.cancel, "web/3")
            bench.fire(.amendParcel)
            #expect(bench.amends.map(\.collect) == [400, 100])
            for answer in answers { bench.tellOfParcel(.amended, answering: "web/1-M1.\(answer)") }
            #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.released, .cancelled, .cancelled])
            bench.verify()
        }
    }

    @Test("refused, and left out by what was asked since: that answer is the last word, for goods and for money")
    func refusedThenAmended() {
        for agrees in [true, false] {
            var bench = boarded()
            bench.ask(.cancel, "web/2")
            bench.fire(.amendParcel)
            bench.command(.unmerge, "web/3")
            bench.fire(.amendParcel)
            bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
            #expect(bench.holds("web/2") == [.cancelling])
            bench.tellOfParcel(agrees ? .amended : .amendRefused, answering: "web/1-M1.3")
            #expect(bench.status("web/2") == (agrees ? .cancelled : .released))
            #expect(bench.count("order.cancel_refused", "web/2") == (agrees ? 0 : 1))
            // Refused, all of them stay, and are counted with the next wish.
            bench.ask(.cancel, "web/1")
            bench.fire(.amendParcel)
            if agrees {
                #expect(bench.events.last?.payload.name == "fulfilment.cancel_requested")
            } else {
                #expect(asked(bench) == 500)
            }
            bench.verify()
        }
    }

    @Test("taken out, an order collects its own as it goes on alone")
    func goesOnAlone() {
        var bench = boarded()
        bench.command(.unmerge, "web/2")
        bench.fire(.amendParcel)
        #expect(asked(bench) == 400)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.handOvers.last?.requestID == "web/2-F2.1")
        #expect(bench.handOvers.last?.collect == 200)
        bench.verify()
    }

    @Test("what has left of an order that leaves is collected by the parcel it left with", arguments: [true, false])
    func partHasShipped(isCancelled: Bool) {
        var bench = boarded()
        bench.tellOfParcel(
            .shipped, parcel: "P1",
            others: [OrderLines(orderNumber: "web/3", lines: [LineQuantity(line: 1, quantity: 1)])])
        if isCancelled { bench.ask(.cancel, "web/3") } else { bench.command(.unmerge, "web/3") }
        bench.fire(.amendParcel)
        #expect(bench.amends.last?.lines.map(\.quantity) == [1, 2, 1])
        #expect(asked(bench) == 400)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.state("web/3")?.order.due == (isCancelled ? 100 : 300))
        #expect(bench.handOvers.dropFirst().map(\.collect) == (isCancelled ? [] : [200]))
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        #expect(bench.amends.last?.lines.map(\.orderNumber) == ["web/1", "web/3"])
        #expect(asked(bench) == 200)
        bench.verify()
    }

    @Test("of an order with a part in another parcel only what this part collects, also when it goes on alone")
    func twoParcels() {
        var bench = overTwoWarehouses()
        #expect(bench.handOvers.first { $0.fulfilment.subject == "web/1-M1" }?.others.map(\.collect) == [51])
        #expect(bench.handOvers.first { $0.fulfilment.subject != "web/1-M1" }?.collect == 50)
        bench.ask(.cancel, "web/1")
        bench.fire(.amendParcel)
        #expect(asked(bench) == 51)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        bench.command(.unmerge, "web/2")
        bench.fire(.amendParcel, "web/1")
        #expect(asked(bench) == 300)
        bench.tellOfParcel(.amended, answering: "web/1-M1.3")
        #expect(bench.handOvers.last?.requestID == "web/2-F3.1")
        #expect(bench.handOvers.last?.collect == 51)
        bench.verify()
    }

    @Test("what another warehouse does not ship is not collected here: it has a carrier of its own later")
    func lostElsewhere() {
        for kind in [FulfilmentReport.Kind.short, .rejected] {
            var bench = overTwoWarehouses { $0.onShort = .hold }
            let other = bench.state("web/2")?.fulfilments.all.last
            bench.feed(
                bench.reporting(
                    kind, "web/2", from: "S", kind == .short ? [2: 1] : [:], fulfilment: other?.id, document: "D"))
            #expect(bench.holds("web/2") == [kind == .short ? .shortShipped : .warehouseRejected])
            bench.ask(.cancel, "web/1")
            bench.fire(.amendParcel)
            #expect(asked(bench) == 51, "\(kind)")
            bench.receive("B", "N", 5)
            bench.command(.retry, "web/2")
            #expect(bench.handOvers.last?.fulfilment.orderNumber == "web/2")
            #expect(bench.handOvers.last?.collect == 50, "\(kind)")
            bench.verify()
        }
    }

    @Test("who stays and owes less is collected for as owed when another leaves, once the warehouse agrees")
    func shortInParcel() {
        for agrees in [true, false] {
            var bench = Bench.merging { $0.onShort = .cancel }
            for number in 1...3 as ClosedRange<Int64> {
                bench.place("web/\(number)", [.of("A", number, at: 100)], term: .cashOnDelivery) { $0.buyer = "li" }
            }
            bench.fire(.merge)
            bench.tellOfParcel(
                .short, others: [OrderLines(orderNumber: "web/2", lines: [LineQuantity(line: 1, quantity: 1)])])
            #expect(bench.amends.isEmpty)
            bench.ask(.cancel, "web/3")
            bench.fire(.amendParcel)
            #expect(asked(bench) == 200)
            bench.tellOfParcel(agrees ? .amended : .amendRefused, answering: "web/1-M1.2")
            #expect(bench.state("web/2")?.fulfilments.all.map(\.collect) == [agrees ? 100 : 200])
            bench.verify()
        }
    }

    @Test("part of it left before its warehouse refused the rest: another collects for the rest alone")
    func restElsewhere() {
        var bench = Bench()
        bench.receive("A", "S", 5)
        bench.place("web/1", [.of("A", 2, at: 100)], term: .cashOnDelivery)
        bench.ship("P1", [1: 1])
        bench.report(.rejected, document: "R")
        bench.command(.retry)
        #expect(bench.handOvers.map(\.collect) == [200, 100])
        bench.verify()
    }
}
