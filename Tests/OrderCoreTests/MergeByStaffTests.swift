import OrderCore
import OrderSimulator
import Testing

@Suite("Orders that staff put together, or take apart")
struct MergeByStaffTests {
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
        #expect(held.handOvers.map { $0.others.map(\.orderNumber) } == [["web/2", "web/3"]])
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
            #expect(bench.handOvers.contains { $0.requestID == "web/1-F1.1" && $0.others.isEmpty })
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
            #expect(Set(bench.handOvers.map(\.requestID)) == Set(numbers.map { "\($0)-F1.1" }), "seed \(seed)")
            bench.verify()
        }
    }

    @Test("merged and unmerged at the warehouse, an order is where it was, in a part of its own")
    func backAfter() {
        for (count, leaver) in [(2, 1), (2, 2), (3, 1), (3, 2), (3, 3)] {
            var bench = Bench.merged(count)
            let number = "web/\(leaver)"
            let numbers = (1...count).map { "web/\($0)" }
            let before = numbers.map { Standing(bench.state($0)) }
            #expect(bench.command(.unmerge, number).isDone)
            #expect(bench.command(.unmerge, number).isRefused)
            bench.fire(.amendParcel)
            bench.tellOfParcel(.amended, answering: "web/1-M1.2")
            #expect(numbers.map { Standing(bench.state($0)) } == before)
            #expect(bench.handOvers.last?.requestID == "\(number)-F2.1")
            #expect(bench.handOvers.last?.others == [])
            bench.tellOfParcel(.shipped, parcel: "P1")
            bench.feed(bench.reporting(.shipped, number, parcel: "P2", fulfilment: "\(number)-F2"))
            #expect(numbers.map { bench.status($0) } == numbers.map { _ in .shipped })
            #expect(bench.stock("A").reserved == 0)
            bench.verify()
        }
    }
}
