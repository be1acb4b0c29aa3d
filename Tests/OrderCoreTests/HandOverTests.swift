import OrderCore
import Testing

@Suite("Handing over to a warehouse")
struct HandOverTests {
    private func released(_ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        bench.place()
        bench.pay(200)
        return bench
    }

    /// The request ids of the hand-overs told, in order.
    private func asked(_ bench: Bench) -> [String] {
        bench.events.compactMap { event in
            if case .fulfilmentRequested(let request) = event.payload { request.requestID } else { nil }
        }
    }

    @Test(
        "no answer for four hours: asked again as a new event with the same request id, after twice the time each time")
    func askedAgain() {
        var bench = released()
        var waits: [Int64] = []
        for _ in 1...5 {
            waits.append(
                ((bench.timer(.handOverInDoubt)?.dueAt.microseconds ?? 0) - bench.now.microseconds) / 3_600_000_000)
            bench.fire(.handOverInDoubt)
        }
        #expect(waits == [4, 8, 16, 24, 24])
        #expect(asked(bench) == [String](repeating: "web/1-F1.1", count: 6))
        #expect(bench.status() == .released)
        #expect(bench.journal.last?.why.contains("web/1-F1.1 asked for again") == true)
        bench.verify()
    }

    @Test(
        "any first answer ends the doubt",
        arguments: [
            FulfilmentReport.Kind.accepted, .picking, .packed, .rejected, .short, .cancelled, .cancelRefused, .shipped,
        ])
    func answered(kind: FulfilmentReport.Kind) {
        var bench = released()
        bench.fire(.handOverInDoubt)
        bench.report(kind, parcel: kind == .shipped ? "P1" : nil, kind == .short ? [1: 1] : [:], document: "D")
        #expect(bench.timer(.handOverInDoubt) == nil)
        bench.fire(own: .handOverInDoubt, "web/1", "web/1-F1")
        #expect(asked(bench).count == 2)
        bench.verify()
    }

    @Test("the third time without an answer people are told, once; asking goes on, and the answer closes the hold")
    func held() {
        var bench = released()
        for _ in 1...2 { bench.fire(.handOverInDoubt) }
        #expect(bench.holds().isEmpty)
        for _ in 1...2 { bench.fire(.handOverInDoubt) }
        #expect(bench.holds() == [.noAnswer])
        #expect(asked(bench).count == 5)
        bench.report(.accepted)
        #expect(bench.holds().isEmpty)
        bench.ship()
        #expect(bench.status() == .shipped)
        bench.verify()
    }

    @Test("a wish to stop is never contradicted by asking for the hand-over again")
    func stopped() {
        var bench = released()
        for _ in 1...3 { bench.fire(.handOverInDoubt) }
        bench.ask(.cancel)
        #expect(bench.timer(.handOverInDoubt) == nil)
        bench.fire(own: .handOverInDoubt, "web/1", "web/1-F1")
        bench.command(.retry)
        #expect(asked(bench).count == 4)
        bench.fire(.cancelUnanswered)
        bench.fire(own: .handOverInDoubt, "web/1", "web/1-F1")
        #expect(asked(bench).count == 4)
        bench.report(.cancelled, document: "C")
        #expect(bench.status() == .cancelled)
        #expect(bench.holds().isEmpty)
        bench.verify()
    }

    @Test("staff ask again for what is in doubt, at once and with the same request id")
    func retried() {
        var bench = released()
        #expect(bench.command(.retry).isRefused == false)
        #expect(asked(bench).count == 1)
        bench.fire(.handOverInDoubt)
        #expect(bench.command(.retry) == .done)
        #expect(asked(bench) == ["web/1-F1.1", "web/1-F1.1", "web/1-F1.1"])
        bench.verify()
    }

    @Test("what conflicts is no answer")
    func conflict() {
        var bench = released()
        #expect(bench.report(.short, [1: 7], document: "D").isConflict)
        #expect(bench.ship("P1", [1: 7]).isConflict)
        #expect(bench.timer(.handOverInDoubt) != nil)
        bench.verify()
    }

    @Test("a part that is sourced again is handed over under an id of its own")
    func sourcedAgain() {
        var bench = released()
        bench.receive("A", "S", 10)
        bench.report(.rejected)
        bench.command(.retry)
        bench.fire(.handOverInDoubt)
        #expect(asked(bench) == ["web/1-F1.1", "web/1-F2.1", "web/1-F2.1"])
        bench.verify()
    }
}
