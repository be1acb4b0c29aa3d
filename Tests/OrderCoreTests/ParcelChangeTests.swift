import OrderCore
import OrderSimulator
import Testing

@Suite("Changes of what one order has in a parcel with others")
struct ParcelChangeTests {
    private func units(_ quantity: Int64, of line: Int64 = 1) -> StaffCommand.Action {
        .cancelLines([LineQuantity(line: line, quantity: quantity)])
    }

    /// Three orders in one parcel, with one, two and three units; `web/3` is to have one unit less.
    private func asked() -> Bench {
        var bench = Bench.merged(3)
        #expect(bench.command(units(1), "web/3") == .done(note: "asked of N"))
        bench.fire(.amendParcel)
        return bench
    }

    /// Units that each order has in the parcel as its warehouse was asked for it last.
    private func kept(_ bench: Bench) -> [String: Int64] {
        (bench.amends.last?.lines ?? []).reduce(into: [:]) { $0[$1.orderNumber, default: 0] += $1.quantity }
    }

    @Test(
        "units are cancelled: its warehouse is asked for the parcel without them; agreed, the rest goes with the others"
    )
    func agreed() {
        var bench = asked()
        #expect(bench.amends.map(\.requestID) == ["web/1-M1.2"])
        #expect(bench.amends.map(\.reason) == ["cancelled"])
        #expect(kept(bench) == ["web/1": 1, "web/2": 2, "web/3": 2])
        #expect(bench.line(1, "web/3")?.cancelled == 0)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.line(1, "web/3")?.cancelled == 1)
        #expect(bench.stock("A").reserved == 5)
        #expect(bench.timer(.amendUnanswered, "web/3") == nil)
        bench.tellOfParcel(.shipped, parcel: "P1")
        #expect([1, 2, 3].map { bench.status("web/\($0)") } == [.shipped, .shipped, .shipped])
        #expect([1, 2, 3].map { bench.line(1, "web/\($0)")?.shipped } == [1, 2, 2])
        #expect([1, 2, 3].flatMap { bench.holds("web/\($0)") } == [])
        bench.verify()
    }

    @Test("refused, it goes on as it was, held, and its buyer hears of it; a later agreement still counts")
    func refused() {
        var bench = asked()
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        #expect([1, 2, 3].map { bench.holds("web/\($0)") } == [[], [], [.cancelRefused]])
        #expect(bench.count("order.cancel_refused", "web/3") == 1)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.line(1, "web/3")?.cancelled == 1)
        #expect(bench.holds("web/3") == [])
        bench.verify()
    }

    @Test("refused, it is asked for no more when another order leaves")
    func refusedBefore() {
        var bench = asked()
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        bench.command(.unmerge, "web/2")
        bench.fire(.amendParcel)
        #expect(kept(bench) == ["web/1": 1, "web/3": 3])
        bench.tellOfParcel(.amended, answering: "web/1-M1.3")
        #expect(bench.line(1, "web/3")?.cancelled == 0)
        bench.verify()
    }

    @Test("not answered, people are told and it is asked for again; the answer to either counts", arguments: [2, 3])
    func unanswered(answered: Int) {
        for isAgreed in [true, false] {
            var bench = asked()
            bench.fire(.amendUnanswered, "web/3")
            #expect(bench.holds("web/3") == [.noAnswer])
            bench.fire(.amendParcel)
            #expect(bench.amends.map(\.requestID) == ["web/1-M1.2", "web/1-M1.3"])
            #expect(kept(bench) == ["web/1": 1, "web/2": 2, "web/3": 2])
            bench.tellOfParcel(isAgreed ? .amended : .amendRefused, answering: "web/1-M1.\(answered)")
            if !isAgreed, answered == 2 {
                // What was asked again is still to be answered.
                #expect(bench.holds("web/3") == [])
                bench.tellOfParcel(.amendRefused, answering: "web/1-M1.3")
            }
            #expect(bench.holds("web/3") == (isAgreed ? [] : [.cancelRefused]))
            #expect(bench.line(1, "web/3")?.cancelled == (isAgreed ? 1 : 0))
            bench.verify()
        }
    }

    @Test("several orders wish at once: one request says all of it")
    func together() {
        var bench = Bench.merged(3)
        bench.command(units(1), "web/2")
        bench.command(units(2), "web/3")
        bench.fire(.amendParcel)
        #expect(bench.amends.count == 1)
        #expect(kept(bench) == ["web/1": 1, "web/2": 1, "web/3": 1])
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect([2, 3].map { bench.line(1, "web/\($0)")?.cancelled } == [1, 2])
        bench.verify()
    }

    @Test("another order leaves before it is answered: whichever is answered first, both count once")
    func leavesMeanwhile() {
        for answers in [[2, 3], [3, 2], [3]] {
            var bench = asked()
            bench.command(.unmerge, "web/2")
            bench.fire(.amendParcel)
            #expect(kept(bench) == ["web/1": 1, "web/3": 2])
            for answer in answers { bench.tellOfParcel(.amended, answering: "web/1-M1.\(answer)") }
            #expect(bench.line(1, "web/3")?.cancelled == 1, "\(answers)")
            #expect(bench.handOvers.last?.requestID == "web/2-F2.1")
            bench.verify()
        }
    }

    @Test("refused, and left out by what was asked since: that answer is the last word", arguments: [true, false])
    func refusedThenAsked(agrees: Bool) {
        var bench = asked()
        bench.command(.unmerge, "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        #expect(bench.holds("web/3") == [])
        bench.tellOfParcel(agrees ? .amended : .amendRefused, answering: "web/1-M1.3")
        #expect(bench.line(1, "web/3")?.cancelled == (agrees ? 1 : 0))
        #expect(bench.holds("web/3") == (agrees ? [] : [.cancelRefused]))
        bench.verify()
    }

    @Test("all of the order is cancelled before it is answered: it leaves the parcel")
    func cancelledMeanwhile() {
        var bench = asked()
        bench.ask(.cancel, "web/3")
        bench.fire(.amendParcel)
        #expect(kept(bench) == ["web/1": 1, "web/2": 2])
        bench.tellOfParcel(.amended, answering: "web/1-M1.3")
        #expect(bench.status("web/3") == .cancelled)
        bench.verify()
    }

    @Test("one wish at a time: another is refused until the warehouse has answered")
    func oneAtATime() {
        var bench = asked()
        #expect(bench.command(units(1), "web/3").isRefused)
        #expect(bench.command(units(1), "web/2").isDone)
        bench.command(.unmerge, "web/1")
        #expect(bench.command(.editReceiver(.someoneElse), "web/1").isRefused)
        bench.verify()
    }

    @Test("all that an order has in it is cancelled, with something of it elsewhere; with nothing left it is stopped")
    func allOfPart() {
        for isAlone in [true, false] {
            var bench = Bench.merging()
            bench.count("B", "N", 0)
            bench.receive("B", "S", 20)
            for number in 1...2 {
                let lines: [OrderPlaced.Line] =
                    number == 1 || isAlone ? [.of("A", 1, at: 50), .of("B", 1, at: 50)] : [.of("A", 1, at: 50)]
                bench.place("web/\(number)", lines, term: .onAccount) { $0.buyer = "li" }
            }
            bench.fire(.merge)
            bench.command(units(1), "web/1")
            if isAlone { bench.command(units(1), "web/2") }
            bench.fire(.amendParcel)
            if isAlone {
                #expect(bench.events.last?.payload.name == "fulfilment.cancel_requested")
                bench.tellOfParcel(.cancelled, answering: "web/1-M1.2")
            } else {
                #expect(kept(bench) == ["web/2": 1])
                bench.tellOfParcel(.amended, answering: "web/1-M1.2")
            }
            #expect(bench.line(1, "web/1")?.cancelled == 1)
            #expect(bench.line(1, "web/2")?.cancelled == (isAlone ? 1 : 0))
            #expect([1, 2].map { bench.status("web/\($0)") } == [.released, .released])
            bench.verify()
        }
    }

    @Test("to another receiver it goes alone, once its warehouse has taken it out")
    func receiver() {
        var bench = Bench.merged(2)
        #expect(bench.command(.editReceiver(.someoneElse), "web/2") == .done(note: "asked of N"))
        bench.fire(.amendParcel)
        #expect(bench.amends.map(\.receiver) == [nil])
        #expect(kept(bench) == ["web/1": 1])
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.handOvers.last?.requestID == "web/2-F2.1")
        #expect(bench.handOvers.last?.receiver == .someoneElse)
        bench.verify()
    }

    @Test("refused, it goes to the receiver that its warehouse was handed: people see to it; a later agreement counts")
    func receiverRefused() {
        var bench = Bench.merged(2)
        bench.command(.editReceiver(.someoneElse), "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        #expect(bench.holds("web/2") == [.amendRefused])
        #expect(bench.count("order.cancel_refused", "web/2") == 0)
        bench.tellOfParcel(.amended, answering: "web/1-M1.2")
        #expect(bench.holds("web/2") == [])
        #expect(bench.handOvers.last?.receiver == .someoneElse)
        bench.verify()
    }

    @Test("as long as nobody knows whether its warehouse has the parcel, the order that leads keeps its receiver")
    func receiverOfUnanswered() {
        var bench = Bench.merged(2)
        #expect(bench.command(.editReceiver(.someoneElse), "web/1").isRefused)
        bench.fire(.handOverInDoubt, "web/1")
        #expect(bench.handOvers.map(\.receiver) == [.someone, .someone])
        bench.tellOfParcel(.accepted)
        #expect(bench.command(.editReceiver(.someoneElse), "web/1").isDone)
        bench.verify()
    }

    @Test("refused for another receiver, then cancelled and refused: that is what people hear of")
    func cancelledAfterReceiver() {
        var bench = Bench.merged(2)
        bench.command(.editReceiver(.someoneElse), "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.3")
        #expect(bench.holds("web/2") == [.amendRefused, .cancelRefused])
        bench.verify()
    }

    @Test("units, then all of it, refused in turn: nothing waits for an answer any more")
    func unitsThenAll() {
        for answers in [[2, 3], [3, 2]] {
            var bench = asked()
            bench.ask(.cancel, "web/3")
            bench.fire(.amendParcel)
            for answer in answers { bench.tellOfParcel(.amendRefused, answering: "web/1-M1.\(answer)") }
            #expect(bench.state("web/3")?.fulfilments.all.map(\.amend.isOpen) == [false], "\(answers)")
            #expect(bench.timer(.amendUnanswered, "web/3") == nil)
            bench.verify()
        }
    }

    @Test("what was to be cancelled does not go to another receiver: it would be cancelled")
    func receiverOfCancelled() {
        var bench = Bench.merged(2)
        bench.ask(.cancel, "web/2")
        bench.fire(.amendParcel)
        bench.tellOfParcel(.amendRefused, answering: "web/1-M1.2")
        #expect(bench.command(.editReceiver(.someoneElse), "web/2").isRefused)
        bench.verify()
    }

    @Test("with other lines before hand-over, an order does not keep those waiting that it was put together with")
    func editedBefore() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.placeTogether(2)
        bench.command(.merge(with: ["web/2"]), "web/1")
        bench.command(.editLines([LineEdit(line: 1, quantity: 2)]), "web/1")
        #expect(bench.state("web/1")?.order.merging == .undecided)
        for number in [1, 2] { bench.fire(.releaseDelay, "web/\(number)") }
        bench.fire(.merge)
        #expect(Set(bench.handOvers.map(\.requestID)) == ["web/1-F2.1", "web/2-F1.1"])
        bench.verify()
    }
}
