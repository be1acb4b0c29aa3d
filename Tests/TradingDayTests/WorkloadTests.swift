import AMQP
import OrderMessages
import Testing
import TradingDay

@testable import orderflow_bench

@Suite("The load of the benchmark")
struct WorkloadTests {
    private static let workload = Workload(seed: 1, orders: 1_200)

    private func messages(_ workload: Workload) -> [OutsideMessage] { workload.steps.flatMap(\.messages) }

    /// The steps in which messages whose id ends so stand, by order.
    private func steps(_ ending: String) -> [Substring: Int] {
        var places: [Substring: Int] = [:]
        for (step, content) in Self.workload.steps.enumerated() {
            for message in content.messages {
                guard let id = message.body.text(of: "id"), id.hasSuffix(ending) else { continue }
                places[id.dropLast(ending.count)] = places[id.dropLast(ending.count)] ?? step
            }
        }
        return places
    }

    @Test("the same seed gives the same load, another seed another")
    func seeded() {
        #expect(messages(Workload(seed: 1, orders: 50)) == messages(Workload(seed: 1, orders: 50)))
        #expect(messages(Workload(seed: 1, orders: 50)) != messages(Workload(seed: 2, orders: 50)))
    }

    @Test("two of a hundred messages come twice, and one of two hundred can't be read")
    func shares() {
        let all = messages(Self.workload)
        let repeated = all.count - Set(all.map(\.body)).count
        let unreadable = all.count { if case .failure = $0.decoded.result { true } else { false } }
        #expect((0.018...0.022).contains(Double(repeated) / Double(all.count)))
        #expect((0.004...0.006).contains(Double(Self.workload.invalid) / Double(all.count)))
        #expect(unreadable >= Self.workload.invalid && unreadable <= Self.workload.invalid + repeated)
    }

    @Test("one of a hundred comes before what it waits for, all others after")
    func early() {
        let shipped = steps("-shipped")
        let tooEarly = steps("-delivered").count { order, step in shipped[order].map { step < $0 } ?? true }
        let paid = steps("-paid")
        let placed = steps("-placed")
        let unpaid = steps("-accepted").count { order, step in paid[order].map { step < $0 } ?? false }
        let share = Double(tooEarly + unpaid) / Double(messages(Self.workload).count)
        #expect((0.008...0.012).contains(share))
        for (order, step) in paid { #expect(placed[order].map { $0 + 3 == step } == true) }
    }

    @Test("callbacks alone are sent about orders that were placed before the clock starts")
    func callbacks() {
        let load = Workload(.callbacksOnly, seed: 1, orders: 240)
        let before = load.steps[..<load.stepsBefore].flatMap(\.messages)
        #expect(before.count == 240)
        #expect(before.allSatisfy { $0.body.text(of: "type") == "order.placed.v1" })
        let timed = load.steps[load.stepsBefore...].flatMap(\.messages)
        #expect(timed.allSatisfy { $0.body.text(of: "id")?.hasSuffix("-placed") == false })
    }

    @Test("a hot SKU stands in every order")
    func hot() {
        let load = Workload(.oneHotSKU, seed: 1, orders: 100)
        let orders = messages(load).filter { $0.body.text(of: "id")?.hasSuffix("-placed") == true }
        #expect(orders.count >= 100)
        #expect(orders.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains(Goods.sku(0)) })
    }

    @Test("an open loop sends at an even pace")
    func schedule() {
        let schedule = Schedule(rate: 500, seconds: 4, seed: 1)
        let measured = schedule.entries.filter { schedule.measured.contains($0.due) }
        #expect((1_900...2_100).contains(measured.count))
        let half = measured.count { $0.due < schedule.measured.lowerBound + 2_000_000_000 }
        #expect((900...1_100).contains(half))
    }
}
