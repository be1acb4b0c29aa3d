import OrderCore
import OrderSimulator
import Testing

@Suite("Merging orders into one parcel")
struct MergeTests {
    private func bench(seconds: Int64 = 3_600, _ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        var rule = Rule("together", .merge)
        rule.actions = [.merge(windowSeconds: seconds)]
        bench.follow([rule])
        return bench
    }

    /// Orders of one buyer that need no payment first.
    private func placed(_ count: Int = 2, in bench: Bench) -> Bench {
        var bench = bench
        for number in 1...count {
            bench.place("web/\(number)", [.of("A", Int64(number), at: 100)], term: .onAccount) { $0.buyer = "li" }
        }
        return bench
    }

    private func merged(_ count: Int = 2) -> Bench {
        var bench = placed(count, in: bench())
        bench.fire(.merge)
        return bench
    }

    private func requests(_ bench: Bench) -> [EventPayload.FulfilmentRequest] {
        bench.events.compactMap { if case .fulfilmentRequested(let request) = $0.payload { request } else { nil } }
    }

    private func amends(_ bench: Bench) -> [EventPayload.AmendRequest] {
        bench.events.compactMap { if case .fulfilmentAmendRequested(let request) = $0.payload { request } else { nil } }
    }

    @discardableResult
    private func tell(
        _ bench: inout Bench, _ kind: FulfilmentReport.Kind, parcel: String? = nil, answering request: String? = nil,
        _ lines: [Int64: Int64] = [:], others: [OrderLines] = []
    ) -> [Outcome] {
        var message = bench.reporting(
            kind, "web/1", parcel: parcel, lines, fulfilment: "web/1-M1", document: "\(bench.messageCount)",
            answering: request)
        if case .fulfilment(var report) = message.payload {
            report.others = others
            message.payload = .fulfilment(report)
        }
        return bench.parts(of: message).map { bench.feed($0) }
    }

    @Test(
        "orders of the same buyer and receiver wait for each other, and go out as one parcel when the first has waited")
    func merges() {
        var bench = placed(3, in: bench())
        #expect(bench.status("web/1") == .awaitingRelease)
        #expect(bench.count("fulfilment.requested", "web/1") == 0)
        bench.fire(.merge)
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.released, .released, .released])
        let requests = requests(bench)
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
        var bench = bench()
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
        var bench = placed(1, in: bench())
        bench.fire(.merge)
        #expect(bench.status("web/1") == .released)
        #expect(requests(bench).map(\.requestID) == ["web/1-F1.1"])
        bench.verify()
    }

    @Test("another receiver, payment term or shop is another parcel; the same written in another way is the same")
    func apart() {
        var bench = bench()
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
        #expect(requests(bench).map { $0.others.map(\.orderNumber) } == [["web/2"]])
        let waiting = [3, 4, 5].map { bench.status("web/\($0)") } + [bench.status("tm/6")]
        #expect(waiting == [.awaitingRelease, .awaitingRelease, .awaitingRelease, .awaitingRelease])
        bench.verify()
    }

    @Test("cancelled, held or edited while it waits, it does not go with the others")
    func leaves() {
        var bench = placed(4, in: bench())
        bench.ask(.cancel, "web/2")
        bench.command(.hold(detail: "look"), "web/3")
        var elsewhere = Receiver.someone
        elsewhere.address = "文三路 9 号"
        bench.command(.editReceiver(elsewhere), "web/4")
        bench.fire(.merge)
        #expect(requests(bench).map { $0.others.count } == [0])
        #expect([2, 3, 4].map { bench.status("web/\($0)") } == [.cancelled, .awaitingRelease, .awaitingRelease])
        bench.command(.release(.manual), "web/3")
        bench.fire(.merge, "web/3")
        bench.fire(.merge, "web/4")
        #expect(requests(bench).count == 3)
        bench.verify()
    }

    @Test(
        "what the warehouse says of the parcel is said to each order: each ships, is delivered and completes by itself")
    func ships() {
        var bench = merged()
        tell(&bench, .accepted)
        #expect(bench.timer(.handOverInDoubt, "web/1") == nil)
        #expect([1, 2].map { bench.state("web/\($0)")?.fulfilments.all.map(\.state) } == [[.accepted], [.accepted]])
        tell(
            &bench, .shipped, parcel: "P1", [1: 1],
            others: [OrderLines(orderNumber: "web/2", lines: [LineQuantity(line: 1, quantity: 1)])])
        #expect([1, 2].map { bench.status("web/\($0)") } == [.shipped, .partiallyShipped])
        tell(
            &bench, .shipped, parcel: "P2",
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

    @Test("no answer: all of the parcel is asked for again under the same id")
    func again() {
        var bench = merged(3)
        bench.fire(.handOverInDoubt)
        let requests = requests(bench)
        #expect(requests.map(\.requestID) == ["web/1-M1.1", "web/1-M1.1"])
        #expect(requests.map(\.others) == [requests[0].others, requests[0].others])
        bench.verify()
    }

    @Test("rejected as a whole, each order finds its own way")
    func rejected() {
        var bench = merged()
        bench.receive("A", "S", 10)
        tell(&bench, .rejected)
        #expect([1, 2].map { bench.holds("web/\($0)") } == [[.warehouseRejected], [.warehouseRejected]])
        bench.command(.retry, "web/2")
        #expect(bench.state("web/2")?.fulfilments.all.last?.warehouse == "S")
        #expect(requests(bench).last?.requestID == "web/2-F2.1")
        bench.verify()
    }

    @Test("cancelled at the warehouse, one order leaves the parcel: it is asked for without its lines, and goes on")
    func amended() {
        var bench = merged(3)
        tell(&bench, .accepted)
        bench.ask(.cancel, "web/2")
        #expect(bench.holds("web/2") == [.cancelling])
        #expect(bench.count("fulfilment.cancel_requested", "web/1") == 0)
        bench.fire(.leaveParcel)
        #expect(amends(bench).map(\.requestID) == ["web/1-M1.2"])
        #expect(amends(bench).first?.lines.map { "\($0.orderNumber) \($0.quantity)" } == ["web/1 1", "web/3 3"])
        tell(&bench, .amended, answering: "web/1-M1.2")
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.released, .cancelled, .released])
        #expect(bench.stock("A").reserved == 4)
        tell(&bench, .shipped, parcel: "P1")
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.shipped, .cancelled, .shipped])
        bench.verify()
    }

    @Test("the warehouse does not take it out: it goes on, and its buyer hears of it")
    func refused() {
        var bench = merged()
        bench.ask(.cancel, "web/2")
        bench.fire(.leaveParcel)
        tell(&bench, .amendRefused, answering: "web/1-M1.2")
        #expect(bench.holds("web/2") == [.cancelRefused])
        #expect(bench.count("order.cancel_refused", "web/2") == 1)
        #expect(bench.holds("web/1") == [])
        tell(&bench, .amended, answering: "web/1-M1.2")
        #expect(bench.status("web/2") == .cancelled)
        bench.verify()
    }

    @Test("the order that leads is cancelled: the parcel goes on under its id; with nobody left it is stopped")
    func lead() {
        var bench = merged()
        bench.ask(.cancel, "web/1")
        bench.fire(.leaveParcel)
        #expect(amends(bench).first?.lines.map(\.orderNumber) == ["web/2"])
        tell(&bench, .amended, answering: "web/1-M1.2")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.cancelled, .released])
        bench.ask(.cancel, "web/2")
        bench.fire(.leaveParcel)
        let stopped = bench.events.last { $0.payload.name == "fulfilment.cancel_requested" }
        #expect(stopped?.subject == .fulfilment("web/1-M1"))
        tell(&bench, .cancelled, answering: "web/1-M1.3")
        #expect([1, 2].map { bench.status("web/\($0)") } == [.cancelled, .cancelled])
        #expect(bench.stock("A").reserved == 0)
        bench.verify()
    }

    @Test("staff put orders together that no rule does; they wait until all are ready")
    func tied() {
        var bench = Bench()
        for number in 1...2 { bench.place("web/\(number)", term: .onAccount) }
        #expect(bench.command(.merge(with: ["web/2"]), "web/1").isRefused)
        var held = Bench { $0.releaseDelay = 60 }
        for number in 1...3 { held.place("web/\(number)", term: .onAccount) }
        held.command(.hold(detail: "look"), "web/2")
        #expect(held.command(.merge(with: ["web/2", "web/3"]), "web/1").isDone)
        #expect(held.command(.merge(with: ["web/3"]), "web/1").isRefused)
        for number in 1...3 { held.fire(.releaseDelay, "web/\(number)") }
        held.fire(.merge)
        #expect(held.status("web/1") == .awaitingRelease)
        held.command(.release(.manual), "web/2")
        held.fire(.merge, "web/2")
        #expect(requests(held).map { $0.others.map(\.orderNumber) } == [["web/2", "web/3"]])
        bench.verify()
        held.verify()
    }

    @Test("who is cancelled or taken out keeps the others from waiting for it")
    func untied() {
        for takesOut in [true, false] {
            var bench = Bench { $0.releaseDelay = 60 }
            for number in 1...2 { bench.place("web/\(number)", term: .onAccount) }
            bench.command(.merge(with: ["web/2"]), "web/1")
            bench.fire(.releaseDelay, "web/1")
            if takesOut { bench.command(.unmerge, "web/2") } else { bench.ask(.cancel, "web/2") }
            bench.fire(.merge, "web/2")
            #expect(bench.status("web/1") == .released)
            #expect(requests(bench).contains { $0.requestID == "web/1-F1.1" && $0.others.isEmpty })
            #expect(bench.status("web/2") == (takesOut ? .released : .cancelled))
            bench.verify()
        }
    }

    @Test("only what has one shop, receiver, currency and warehouse, is paid and not handed over can be put together")
    func untogether() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.receive("B", "S", 5)
        bench.count("B", "N", 0)
        bench.place("web/1", term: .onAccount)
        bench.place("web/2", term: .onAccount) { $0.receiver.city = "上海" }
        bench.place("web/3")
        bench.place("web/4", [.of("B", 1, at: 1)], term: .onAccount)
        for other in ["web/1", "web/2", "web/3", "web/4", "web/9"] {
            #expect(bench.command(.merge(with: [other]), "web/1").isRefused, "\(other)")
        }
        let mayNot = bench.commanding(.merge(with: ["web/1"]), "web/1", by: [.viewer])
        #expect(bench.feed(mayNot).isRefused)
        bench.verify()
    }

    /// What is left of an order's history when who did what is forgotten.
    private struct Standing: Equatable {
        var status: OrderStatus
        var money: OrderMoney
        var due: Int64
        var lines: [OrderLine]
        var open: [String: Int64]
        var reserved: [String: Int64]
        var holds: [HoldReason]

        init?(_ state: OrderState?) {
            guard let state else { return nil }
            (status, money, due) = (state.order.status, state.order.money, state.order.due)
            lines = state.lines.all
            (open, reserved) = ([:], [:])
            for part in state.fulfilmentLines.all where part.open > 0 {
                let place = "\(part.key.line) in \(state.fulfilments[part.key.fulfilment]?.warehouse ?? "")"
                open[place, default: 0] += part.open
                reserved[place, default: 0] += part.reserved
            }
            holds = state.openHolds.map(\.reason)
        }
    }

    @Test("merged and unmerged before hand-over, an order is where it was")
    func backBefore() {
        for seed in 0..<50 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var bench = Bench { $0.releaseDelay = 60 }
            let count = Int.random(in: 2...4, using: &random)
            let numbers = (1...count).map { "web/\($0)" }
            for number in numbers {
                let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    OrderPlaced.Line.of(
                        ["A", "B", "V"].randomElement(using: &random) ?? "A", .random(in: 1...4, using: &random),
                        at: .random(in: 0...99, using: &random))
                }
                bench.place(number, [.of("C", 1, at: 5)] + lines, term: .onAccount)
            }
            let before = numbers.map { Standing(bench.state($0)) }
            bench.command(.merge(with: Array(numbers.dropFirst())), numbers[0])
            let leaver = numbers.randomElement(using: &random) ?? ""
            for number in [leaver] + numbers where bench.state(number)?.order.merging.key != nil {
                bench.command(.unmerge, number)
            }
            #expect(numbers.map { Standing(bench.state($0)) } == before, "seed \(seed)")
            for number in numbers { bench.fire(.releaseDelay, number) }
            #expect(Set(requests(bench).map(\.requestID)) == Set(numbers.map { "\($0)-F1.1" }), "seed \(seed)")
            bench.verify()
        }
    }

    @Test("merged and unmerged at the warehouse, an order is where it was, in a part of its own")
    func backAfter() {
        for (count, leaver) in [(2, 1), (2, 2), (3, 1), (3, 2), (3, 3)] {
            var bench = merged(count)
            let number = "web/\(leaver)"
            let numbers = (1...count).map { "web/\($0)" }
            let before = numbers.map { Standing(bench.state($0)) }
            #expect(bench.command(.unmerge, number).isDone)
            #expect(bench.command(.unmerge, number).isRefused)
            bench.fire(.leaveParcel)
            tell(&bench, .amended, answering: "web/1-M1.2")
            #expect(numbers.map { Standing(bench.state($0)) } == before)
            #expect(requests(bench).last?.requestID == "\(number)-F2.1")
            #expect(requests(bench).last?.others == [])
            tell(&bench, .shipped, parcel: "P1")
            bench.feed(bench.reporting(.shipped, number, parcel: "P2", fulfilment: "\(number)-F2"))
            #expect(numbers.map { bench.status($0) } == numbers.map { _ in .shipped })
            #expect(bench.stock("A").reserved == 0)
            bench.verify()
        }
    }

    @Test("cash orders in one parcel: the carrier collects what each is owed")
    func cash() {
        var bench = bench()
        for number in 1...2 {
            bench.place("web/\(number)", [.of("A", Int64(number), at: 100)], term: .cashOnDelivery) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        #expect(requests(bench).map(\.collect) == [100])
        #expect(requests(bench).first?.others.map(\.collect) == [200])
        bench.verify()
    }

    @Test(
        "parts of one order that a rule has split go alone; of two warehouses each order goes with whom it shares one")
    func places() {
        var bench = bench()
        bench.count("B", "N", 0)
        bench.receive("B", "S", 20)
        let lines: [[OrderPlaced.Line]] = [
            [.of("A", 1, at: 1), .of("B", 1, at: 1)], [.of("A", 1, at: 1)], [.of("B", 1, at: 1)],
        ]
        for (index, lines) in lines.enumerated() {
            bench.place("web/\(index + 1)", lines, term: .onAccount) { $0.buyer = "li" }
        }
        bench.fire(.merge)
        let sent = requests(bench).map { "\($0.requestID) + \($0.others.map(\.orderNumber).joined())" }
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
