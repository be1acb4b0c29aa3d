import OrderCore
import OrderSimulator
import Testing

@Suite("Merging orders into one parcel")
struct MergeTests {
    @Test(
        "orders of the same buyer and receiver wait for each other, and go out as one parcel when the first has waited")
    func merges() {
        var bench = Bench.merging()
        bench.placeTogether(3)
        #expect(bench.status("web/1") == .awaitingRelease)
        #expect(bench.count("fulfilment.requested", "web/1") == 0)
        bench.fire(.merge)
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.released, .released, .released])
        let requests = bench.handOvers
        #expect(requests.map(\.requestID) == ["web/1-M1.1"])
        #expect(requests.first?.lines.map(\.quantity) == [1])
        #expect(requests.first?.others.map(\.orderNumber) == ["web/2", "web/3"])
        #expect(requests.first?.others.map { $0.lines.map(\.quantity) } == [[2], [3]])
        #expect(bench.events.last { $0.payload.name == "fulfilment.requested" }?.subject == .fulfilment("web/1-M1"))
        #expect(bench.timer(.merge, "web/2") == nil)
        #expect(bench.stock("A").reserved == 6)
        bench.verify()
    }

    @Test("an order whose buyer is not known, and one that no rule matches, goes at once")
    func unmerged() {
        var bench = Bench.merging()
        bench.place("web/1", term: .onAccount)
        #expect(bench.status("web/1") == .released)
        var rule = bench.set.reference.rules.set.rules[0]
        rule.condition = .order(.warehouse, .isIn(["S"]))
        bench.follow([rule])
        bench.place("web/2", term: .onAccount) { $0.buyer = "li" }
        #expect(bench.status("web/2") == .released)
        bench.verify()
    }

    @Test("alone when its time is over, it goes alone under its own id")
    func alone() {
        var bench = Bench.merging()
        bench.placeTogether(1)
        bench.fire(.merge)
        #expect(bench.status("web/1") == .released)
        #expect(bench.handOvers.map(\.requestID) == ["web/1-F1.1"])
        bench.verify()
    }

    @Test("another receiver, payment term or shop is another parcel; the same written in another way is the same")
    func apart() {
        var bench = Bench.merging()
        bench.place("web/1", term: .onAccount) { $0.buyer = "li" }
        bench.place("web/2", term: .onAccount) {
            $0.buyer = "li"
            $0.receiver.phone = "+86 138-0000-0000"
            $0.receiver.address = "文三路１号"
        }
        bench.place("web/3", term: .onAccount) {
            $0.buyer = "li"
            $0.receiver.address = "文三路 2 号"
        }
        bench.place("web/4", term: .cashOnDelivery) { $0.buyer = "li" }
        bench.place("web/5", term: .onAccount) { $0.buyer = "wang" }
        bench.place("tm/6", term: .onAccount) { $0.buyer = "li" }
        bench.fire(.merge)
        #expect(bench.handOvers.map { $0.others.map(\.orderNumber) } == [["web/2"]])
        let waiting = [3, 4, 5].map { bench.status("web/\($0)") } + [bench.status("tm/6")]
        #expect(waiting == [.awaitingRelease, .awaitingRelease, .awaitingRelease, .awaitingRelease])
        bench.verify()
    }

    @Test("another door is another receiver, however the numbers are written")
    func doors() {
        var bench = Bench.merging()
        for (number, address) in ["3栋1-201", "3栋12-01", "3栋１－201"].enumerated() {
            bench.place("web/\(number + 1)", term: .onAccount) {
                $0.buyer = "li"
                $0.receiver.address = address
            }
        }
        bench.fire(.merge)
        #expect(bench.handOvers.map { $0.others.map(\.orderNumber) } == [["web/3"]])
        bench.verify()
    }

    @Test("cancelled, held or edited while it waits, it does not go with the others")
    func leaves() {
        var bench = Bench.merging()
        bench.placeTogether(4)
        bench.ask(.cancel, "web/2")
        bench.command(.hold(detail: "look"), "web/3")
        var elsewhere = Receiver.someone
        elsewhere.address = "文三路 9 号"
        bench.command(.editReceiver(elsewhere), "web/4")
        bench.fire(.merge)
        #expect(bench.handOvers.map { $0.others.count } == [0])
        #expect([2, 3, 4].map { bench.status("web/\($0)") } == [.cancelled, .awaitingRelease, .awaitingRelease])
        bench.command(.release(.manual), "web/3")
        bench.fire(.merge, "web/3")
        bench.fire(.merge, "web/4")
        #expect(bench.handOvers.count == 3)
        bench.verify()
    }

    @Test(
        "what the warehouse says of the parcel is said to each order: each ships, is delivered and completes by itself")
    func ships() {
        var bench = Bench.merged()
        bench.tellOfParcel(.accepted)
        #expect(bench.timer(.handOverInDoubt, "web/1") == nil)
        #expect([1, 2].map { bench.state("web/\($0)")?.fulfilments.all.map(\.state) } == [[.accepted], [.accepted]])
        bench.tellOfParcel(
            .shipped, parcel: "P1", [1: 1],
            others: [OrderLines(orderNumber: "web/2", lines: [LineQuantity(line: 1, quantity: 1)])])
        #expect([1, 2].map { bench.status("web/\($0)") } == [.shipped, .partiallyShipped])
        bench.tellOfParcel(
            .shipped, parcel: "P2",
            others: [OrderLines(orderNumber: "web/2", lines: [LineQuantity(line: 1, quantity: 1)])])
        #expect(bench.status("web/2") == .shipped)
        #expect(bench.count("order.shipped", "web/1") == 1)
        #expect(bench.count("order.shipped", "web/2") == 2)
        #expect(bench.stock("A").onHand == 97)
        for parcel in ["P1", "P2"] {
            for part in bench.parts(of: bench.reporting(.delivered, "web/1", parcel: parcel)) { bench.feed(part) }
        }
        #expect([1, 2].map { bench.state("web/\($0)")?.order.deliveredAt != nil } == [true, true])
        bench.verify()
    }

    @Test("the order that leads wishes to leave before the warehouse has answered: the parcel is still asked for")
    func leadLeavesUnanswered() {
        var bench = Bench.merged()
        bench.command(.unmerge, "web/1")
        bench.fire(.amendParcel)
        bench.fire(.handOverInDoubt)
        #expect(bench.handOvers.map(\.requestID) == ["web/1-M1.1", "web/1-M1.1"])
        bench.tellOfParcel(.accepted)
        #expect(bench.timer(.handOverInDoubt, "web/1") == nil)
        bench.verify()
    }

    @Test("what can't be asked for whole, since an order in it can't be read, is asked for later")
    func againInQuarantine() {
        var bench = Bench.merged()
        bench.set.quarantined["web/2"] = "its rows are impossible"
        bench.fire(.handOverInDoubt)
        #expect(bench.handOvers.count == 1)
        bench.set.quarantined["web/2"] = nil
        bench.fire(.handOverInDoubt)
        #expect(bench.handOvers.map(\.others.count) == [1, 1])
        bench.verify()
    }

    @Test("a warehouse rejects a parcel that an order was to leave: it is not handed to it again")
    func rejectedWhileLeaving() {
        var bench = Bench.merged()
        bench.command(.unmerge, "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.rejected)
        #expect(bench.handOvers.count == 1)
        #expect(
            [1, 2].map { bench.state("web/\($0)")?.openHolds.map(\.reason) } == [
                [.warehouseRejected], [.warehouseRejected],
            ])
        #expect(bench.timer(.cancelUnanswered, "web/2") == nil)
        bench.verify()
    }

    @Test("a report that names the parcel and one of its orders is about that order alone")
    func namedOrder() {
        var bench = Bench.merged()
        bench.tellOfParcel(.shipped, parcel: "P1", of: "web/2")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.released, .shipped])
        bench.tellOfParcel(.shipped, parcel: "P2")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.shipped, .shipped])
        bench.verify()
    }

    @Test("no answer: all of the parcel is asked for again under the same id")
    func again() {
        var bench = Bench.merged(3)
        bench.fire(.handOverInDoubt)
        let requests = bench.handOvers
        #expect(requests.map(\.requestID) == ["web/1-M1.1", "web/1-M1.1"])
        #expect(requests.map(\.others) == [requests[0].others, requests[0].others])
        bench.verify()
    }

    @Test("rejected as a whole, each order finds its own way")
    func rejected() {
        var bench = Bench.merged()
        bench.receive("A", "S", 10)
        bench.tellOfParcel(.rejected)
        #expect([1, 2].map { bench.holds("web/\($0)") } == [[.warehouseRejected], [.warehouseRejected]])
        bench.command(.retry, "web/2")
        #expect(bench.state("web/2")?.fulfilments.all.last?.warehouse == "S")
        #expect(bench.handOvers.last?.requestID == "web/2-F2.1")
        bench.verify()
    }

    @Test("cancelled at the warehouse, one order leaves the parcel: it is asked for without its lines, and goes on")
    func amended() {
        var bench = Bench.merged(3)
        bench.tellOfParcel(.accepted)
        bench.ask(.cancel, "web/2")
        #expect(bench.holds("web/2") == [.cancelling])
        #expect(bench.count("fulfilment.cancel_requested", "web/1") == 0)
        bench.fire(.amendParcel)
        #expect(bench.amends.map(\.requestID) == ["web/1-M1.2"])
        #expect(bench.amends.first?.lines.map { "\($0.orderNumber) \($0.quantity)" } == ["web/1 1", "web/3 3"])
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.released, .cancelled, .released])
        #expect(bench.stock("A").reserved == 4)
        bench.tellOfParcel(.shipped, parcel: "P1")
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.shipped, .cancelled, .shipped])
        bench.verify()
    }

    @Test("the warehouse does not take it out: it goes on, and its buyer hears of it")
    func refused() {
        var bench = Bench.merged()
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        #expect(bench.holds("web/2") == [.cancelRefused])
        #expect(bench.count("order.cancel_refused", "web/2") == 1)
        #expect(bench.holds("web/1") == [])
        #expect(bench.command(.unmerge, "web/2").isRefused)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.status("web/2") == .cancelled)
        bench.verify()
    }

    @Test("the order that leads is cancelled: the parcel goes on under its id; with nobody left it is stopped")
    func lead() {
        var bench = Bench.merged()
        bench.ask(.cancel, "web/1")
        bench.fire(.amendParcel)
        #expect(bench.amends.first?.lines.map(\.orderNumber) == ["web/2"])
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.cancelled, .released])
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        let stopped = bench.events.last { $0.payload.name == "fulfilment.cancel_requested" }
        #expect(stopped?.subject == .fulfilment("web/1-M1"))
        #expect(stopped?.ordersOfStop == ["web/2"])
        bench.tellOfParcel(.cancelled, answering: "web/1-M1.3")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.cancelled, .cancelled])
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("cash orders in one parcel: the carrier collects what each is owed")
    func cash() {
        var bench = Bench.merging()
        for number in 1...2 {
            bench.place("web/\(number)", [.of("A", Int64(number), at: 100)], term: .cashOnDelivery) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        #expect(bench.handOvers.map(\.collect) == [100])
        #expect(bench.handOvers.first?.others.map(\.collect) == [200])
        bench.verify()
    }

    @Test(
        "parts of one order that a rule has split go alone; of two warehouses each order goes with whom it shares one")
    func places() {
        var bench = Bench.merging()
        bench.count("B", "N", 0)
        bench.receive("B", "S", 20)
        let lines: [[OrderPlaced.Line]] = [
            [.of("A", 1, at: 1), .of("B", 1, at: 1)], [.of("A", 1, at: 1)], [.of("B", 1, at: 1)],
        ]
        for (index, lines) in lines.enumerated() {
            bench.place("web/\(index + 1)", lines, term: .onAccount) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        let sent = bench.handOvers.map { "\($0.requestID) + \($0.others.map(\.orderNumber).joined())" }
        #expect(sent.sorted() == ["web/1-M1.1 + web/2", "web/1-M2.1 + web/3"])
        bench.verify()
    }

    @Test("the hash is SipHash-2-4 as its authors publish it")
    func hash() {
        let key = HashKey(high: 0x0706_0504_0302_0100, low: 0x0F0E_0D0C_0B0A_0908)
        #expect(key.sipHash(Array(0..<15)) == 0xA129_CA61_49BE_45E5)
        #expect(key.sipHash([]) == 0x726F_DB47_DD0E_0E31)
    }
}
