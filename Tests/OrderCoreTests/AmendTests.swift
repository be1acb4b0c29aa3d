import OrderCore
import OrderSimulator
import Testing

@Suite("Changes of what a warehouse was handed")
struct AmendTests {
    /// Three of one thing and one of another, handed over together, with shipping.
    private func handedOver(edit: (inout OrderPlaced) -> Void = { _ in }) -> Bench {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "N", 10)
        bench.receive("A", "S", 10)
        bench.place("web/1", [.of("A", 3, at: 100), .of("B", 1, at: 50)]) {
            $0.claimed.shipping = 10
            edit(&$0)
        }
        if bench.state()?.order.paymentTerm == .online { bench.pay(360) }
        return bench
    }

    private func units(_ line: Int64, _ quantity: Int64) -> StaffCommand.Action {
        .cancelLines([LineQuantity(line: line, quantity: quantity)])
    }

    private func amends(_ bench: Bench) -> [EventPayload.AmendRequest] {
        bench.events.compactMap { event in
            if case .fulfilmentAmendRequested(let request) = event.payload { request } else { nil }
        }
    }

    @discardableResult
    private func answer(
        _ kind: FulfilmentReport.Kind, to request: String = "web/1-F1.2", _ bench: inout Bench
    ) -> Outcome {
        bench.feed(bench.reporting(kind, fulfilment: "web/1-F1", answering: request))
    }

    @Test("its warehouse is asked to leave units out, by whole lines; nothing is cancelled before it agrees")
    func asked() throws {
        var bench = handedOver()
        #expect(bench.command(units(1, 2)) == .done(note: "asked of N"))
        let request = try #require(amends(bench).first)
        #expect(request.requestID == "web/1-F1.2")
        #expect(request.lines.map(\.quantity) == [1, 1])
        #expect(request.lines.map(\.orderNumber) == ["web/1", "web/1"])
        #expect(request.receiver == nil)
        #expect(bench.line(1)?.cancelled == 0)
        #expect(bench.requests(.refund).isEmpty)
        #expect(bench.status() == .released)
        bench.verify()
    }

    @Test("it agrees: those units are cancelled, their stock is free, their share goes back, the rest ships")
    func agreed() {
        var bench = handedOver()
        bench.command(units(1, 2))
        #expect(answer(.amended, &bench) == .done)
        #expect(bench.line(1)?.cancelled == 2)
        #expect(bench.stock("A").reserved == 1)
        #expect(bench.requests(.refund).map(\.amount) == [200])
        #expect(bench.timer(.amendUnanswered) == nil)
        bench.ship("P1", [1: 1, 2: 1])
        #expect(bench.status() == .shipped)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("it refuses: held, told, all of it goes on; a later agreement still counts")
    func refused() {
        var bench = handedOver()
        bench.command(units(1, 2))
        answer(.amendRefused, &bench)
        #expect(bench.holds() == [.cancelRefused])
        #expect(bench.count("order.cancel_refused") == 1)
        #expect(bench.line(1)?.cancelled == 0)
        answer(.amended, &bench)
        #expect(bench.line(1)?.cancelled == 2)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("no answer in time: held, and asked again under the same id, ever more slowly, until it answers")
    func unanswered() {
        var bench = handedOver()
        bench.command(units(1, 1))
        bench.fire(.amendUnanswered)
        #expect(bench.holds() == [.noAnswer])
        bench.fire(.amendUnanswered)
        #expect(amends(bench).map(\.requestID) == ["web/1-F1.2", "web/1-F1.2", "web/1-F1.2"])
        #expect(Set(amends(bench).map(\.lines)).count == 1)
        answer(.amended, &bench)
        #expect(bench.holds().isEmpty)
        #expect(bench.line(1)?.cancelled == 1)
        bench.verify()
    }

    @Test("a parcel that ships them meanwhile wins; what is left of the wish is what has not left")
    func shippedMeanwhile() {
        var bench = handedOver()
        bench.command(units(1, 2))
        bench.ship("P1", [1: 2, 2: 1])
        answer(.amended, &bench)
        #expect(bench.line(1)?.cancelled == 1)
        #expect(bench.status() == .shipped)
        #expect(bench.requests(.refund).map(\.amount) == [100])

        var late = handedOver()
        late.command(units(1, 2))
        late.ship()
        #expect(late.holds() == [.cancelRefused])
        answer(.amended, &late)
        #expect(late.line(1)?.cancelled == 0)
        bench.verify()
        late.verify()
    }

    @Test("what the warehouse rejects, or is short of, it need not leave out any more")
    func rejected() {
        var bench = handedOver()
        bench.command(units(1, 2))
        bench.report(.short, [1: 1], document: "S1")
        #expect(bench.line(1)?.cancelled == 1)
        #expect(bench.holds().isEmpty)
        bench.report(.rejected)
        #expect(bench.line(1)?.cancelled == 2)
        #expect(bench.holds() == [.warehouseRejected])
        bench.verify()
    }

    @Test("all units of one part: it is asked for nothing any more, and ends when the warehouse agrees")
    func wholePart() {
        var bench = Bench(stock: ["A": 10])
        bench.receive("B", "S", 10)
        bench.place("web/1", [.of("A", 2, at: 100), .of("B", 1, at: 50)])
        bench.pay(250)
        bench.command(units(1, 2))
        #expect(amends(bench).map(\.lines.count) == [0])
        answer(.amended, &bench)
        #expect(bench.state()?.fulfilments["web/1-F1"]?.state == .cancelled)
        bench.ship("P1", from: "S")
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("one change at a time: the next has to wait for the answer; another part of the order does not")
    func oneAtATime() {
        var bench = handedOver()
        bench.command(units(1, 1))
        let second = bench.command(units(2, 1))
        #expect(second == .refused("N has not answered web/1-F1.2 yet: wait for it, or cancel all of the order"))
        answer(.amendRefused, &bench)
        #expect(bench.command(units(2, 1)) == .done(note: "asked of N"))
        #expect(amends(bench).last?.lines.map(\.quantity) == [3])
        answer(.amended, to: "web/1-F1.3", &bench)
        #expect(bench.line(1)?.cancelled == 0)
        #expect(bench.line(2)?.cancelled == 1)
        bench.verify()
    }

    @Test("an answer to what was never asked, or is asked no more, changes nothing; that it was done is for people")
    func unasked() {
        var bench = handedOver()
        let unasked = answer(.amended, &bench)
        #expect(unasked == .conflict("N was not asked to change web/1-F1"))
        #expect(answer(.amendRefused, &bench) == .done(note: "N was not asked to change web/1-F1"))
        bench.command(units(1, 1))
        let other = answer(.amended, to: "web/1-F1.1", &bench)
        #expect(other == .conflict("web/1-F1.1 is not the change that N was asked for last"))
        #expect(bench.line(1)?.cancelled == 0)
        bench.verify()
    }

    @Test("cancelling all of it takes the change along, whichever the warehouse answers first")
    func cancelledMeanwhile() {
        for first in [FulfilmentReport.Kind.amended, .cancelled] {
            var bench = handedOver()
            bench.command(units(1, 1))
            bench.ask(.cancel)
            if first == .amended { answer(.amended, &bench) }
            bench.report(.cancelled, document: "C")
            if first == .cancelled { answer(.amended, &bench) }
            #expect(bench.status() == .cancelled)
            #expect(bench.requests(.refund).reduce(0) { $0 + $1.amount } == 360)
            bench.fire(own: .amendUnanswered, "web/1", "web/1-F1")
            #expect(bench.holds().isEmpty)
            bench.verify()
        }
    }

    @Test("the carrier collects less cash by what is not to be shipped")
    func cash() {
        var bench = handedOver { $0.paymentTerm = .cashOnDelivery }
        bench.command(units(1, 2))
        #expect(amends(bench).map(\.collect) == [160])
        answer(.amended, &bench)
        #expect(bench.state()?.order.due == 160)
        bench.verify()
    }

    @Test("a gift is left out with its cause, in the same wish")
    func gift() {
        var gift = GiftAction(sku: "B")
        gift.each = .amount(100)
        var rule = Rule("gift", .gift)
        rule.actions = [.gift(gift)]
        var bench = Bench()
        bench.receive("B", "N", 10)
        bench.follow([rule])
        bench.place("web/1", [.of("A", 3, at: 100)])
        bench.pay(300)
        bench.command(units(1, 2))
        #expect(amends(bench).first?.lines.map(\.quantity) == [1, 1])
        answer(.amended, &bench)
        #expect(bench.line(2)?.cancelled == 2)
        bench.verify()
    }

    @Test("another receiver is asked of the warehouse that has the order, with the whole receiver in the wish")
    func receiver() {
        var bench = handedOver()
        #expect(bench.command(.editReceiver(.someoneElse)) == .done(note: "asked of N"))
        #expect(amends(bench).map(\.receiver) == [.someoneElse])
        #expect(amends(bench).first?.lines.map(\.quantity) == [3, 1])
        #expect(bench.state()?.contact.all.first?.receiver == .someoneElse)
        answer(.amendRefused, &bench)
        #expect(bench.holds() == [.amendRefused])
        #expect(bench.count("order.cancel_refused") == 0)
        bench.ship()
        let late = bench.command(.editReceiver(.someone))
        #expect(late == .refused("all of it has left, or ended: ask the carrier"))
        bench.verify()
    }
}
