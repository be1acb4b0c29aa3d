import OrderCore
import OrderSimulator
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

    /// Units asked for, by fulfilment, of the hand-overs told.
    private func units(_ bench: Bench) -> [String: [Int64]] {
        bench.events.reduce(into: [:]) { units, event in
            guard case .fulfilmentRequested(let request) = event.payload else { return }
            units[request.fulfilment.id] = request.lines.map(\.quantity)
        }
    }

    private func planned() -> Bench {
        var bench = Bench({ $0.releaseDelay = 60 }, stock: ["A": 5, "B": 5])
        bench.place("tm/1", [.of("A", 5, at: 10)])
        return bench
    }

    @Test("what a count took off a part before its hand-over is asked of the next warehouse only")
    func partlyTakenAway() {
        var bench = planned()
        bench.count("A", "N", 2)
        bench.runTakeAways()
        bench.receive("A", "S", 3)
        #expect(bench.command(.release(.stockLost), "tm/1") == .done)
        bench.fire(.releaseDelay, "tm/1")
        #expect(bench.status("tm/1") == .released)
        #expect(units(bench) == ["tm/1-F1": [2], "tm/1-F2": [3]])
        bench.fire(.handOverInDoubt, "tm/1", "tm/1-F1")
        #expect(units(bench) == ["tm/1-F1": [2], "tm/1-F2": [3]])
        bench.verify()
    }

    @Test("a part that has lost a whole line is asked for the others")
    func lineTakenAway() {
        var bench = Bench({ $0.releaseDelay = 60 }, stock: ["A": 5, "B": 5])
        bench.place("tm/1", [.of("A", 5, at: 10), .of("B", 1, at: 10)])
        bench.count("A", "N", 0)
        bench.runTakeAways()
        bench.receive("A", "S", 5)
        bench.command(.release(.stockLost), "tm/1")
        bench.fire(.releaseDelay, "tm/1")
        #expect(units(bench) == ["tm/1-F1": [1], "tm/1-F2": [5]])
        bench.verify()
    }

    @Test("a part that a count took away as a whole is never asked for")
    func whollyTakenAway() {
        var bench = planned()
        bench.count("A", "N", 0)
        bench.runTakeAways()
        #expect(bench.state("tm/1")?.fulfilments["tm/1-F1"]?.state == .cancelled)
        bench.receive("A", "N", 5)
        bench.command(.release(.stockLost), "tm/1")
        bench.fire(.releaseDelay, "tm/1")
        #expect(units(bench) == ["tm/1-F2": [5]])
        bench.ship("P1", [:], "tm/1")
        #expect(bench.status("tm/1") == .completed)
        bench.verify()
    }
}
