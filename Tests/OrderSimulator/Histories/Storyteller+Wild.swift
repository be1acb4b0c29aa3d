import OrderCore

extension History {
    /// Anything anyone might say, sensible or not: little stock, many cancels, facts about things that may not be there.
    package static func wild(seed: UInt64) -> History {
        var random = SeededGenerator(seed: seed)
        var start = Bench.small(&random)
        start.followWildRules(seed: seed)
        var teller = Storyteller(seed: seed, live: start, random: random)
        teller.tellWildly()
        return History(teller, start: start)
    }
}

extension Bench {
    /// A business with little stock, and policies as chance has it.
    fileprivate static func small(_ random: inout SeededGenerator) -> Bench {
        var bench = Bench(
            { policy in
                policy.onInvalid = random.isLucky(50) ? .reject : .hold
                policy.onShort = random.isLucky(50) ? .cancel : .hold
                policy.receipt = random.isLucky(50) ? .delivered : .confirmed
                policy.reviewWindow = random.isLucky(50) ? 0 : 3_600
                policy.capture = random.isLucky(50) ? .gateway : random.isLucky(50) ? .onRelease : .onShip
                policy.releaseDelay = random.isLucky(70) ? 0 : 60
                policy.allowsSplitBackorders = random.isLucky(30)
                policy.paymentTolerance = random.isLucky(70) ? 0 : 5
            }, stock: ["A": 4 + Int64(random.next() % 17)])
        bench.receive("B", "S", 4 + Int64(random.next() % 17))
        bench.set.reference.products["U"] = Product(sku: "U", isListed: false)
        bench.set.reference.products["C"]?.prices["*"] = 100
        bench.set.reference.products["C"]?.priceCurrency = "CNY"
        bench.receive("C", "N", 5)
        if random.isLucky(30) { bench.feed(bench.stocking(.adjusted, "A", "N", 0, safety: 2)) }
        bench.secondsPerBatch = 0
        return bench
    }
}

extension SeededGenerator {
    mutating func isLucky(_ percent: Int) -> Bool { next() % 100 < percent }
}

extension Storyteller {
    fileprivate mutating func tellWildly() {
        var orders = Array(["web/1", "tm/1", "web/2"].prefix(Int(number(1...3))))
        if live.merges { orders = ["web/1", "web/2", "web/3"] }
        for order in orders {
            say(placing(order))
            if chance(10) { say(placing(order)) }
        }
        for _ in 0..<number(6...20) {
            let order = chance(2) ? pick(["xx/1", "zz/1"]) : pick(orders)
            switch number(0...99) {
            case 0..<64: saySensibly(order)
            case 64..<74: fireTimer()
            case 74..<76: live.set.orders[order] == nil ? say(placing(order)) : say(updating())
            default: say(anything(order))
            }
            doDuties()
        }
        if chance(70) { arriveAll() }
    }

    /// The next timer falls due, or any: the world is slow, or the worker was away.
    private mutating func fireTimer() {
        let timers = live.timers.values.sorted { $0.place < $1.place }
        guard !timers.isEmpty else { return }
        let next = timers.min { ($0.dueAt, $0.place) < ($1.dueAt, $1.place) } ?? timers[0]
        let timer = chance(50) ? next : pick(timers)
        var fired = live.firing(timer)
        fired.receivedAt = max(live.now, timer.dueAt)
        say(fired)
    }

    /// What a store makes due by itself: stock that is missing is taken away, held orders are looked at again, what is
    /// available is told.
    private mutating func doDuties() {
        if chance(50) {
            for key in Set(live.takeAways).sorted() where (live.set.stock[key]?.missing ?? 0) > 0 {
                guard let order = pickPromised(key) else { continue }
                say(live.firing(Timer(kind: .takeAway, orderNumber: order, reference: key.subject, dueAt: live.now)))
            }
        }
        if chance(5), let key = live.stockToTell.sorted().first {
            say(live.firing(Timer(kind: .stockChanged, orderNumber: nil, reference: key.subject, dueAt: live.now)))
        }
        if live.set.reference.rules.has(.backorder), chance(10) {
            for (number, state) in live.set.orders.sorted(by: { $0.key < $1.key }) {
                guard let sku = state.order.backorder?.units.keys.min()?.sku else { continue }
                let timer = Timer(
                    kind: chance(50) ? .revalidate : .passedOver, orderNumber: number, reference: sku, dueAt: live.now)
                say(live.firing(timer))
            }
        }
        guard chance(8) else { return }
        let held = live.set.orders.values.filter { $0.openHolds.contains { $0.reason.isValidation } }
        for number in held.map(\.order.number).sorted() {
            say(live.firing(Timer(kind: .revalidate, orderNumber: number, dueAt: live.now)))
        }
    }

    /// Mostly the newest order that has reserved some of it, as a store does.
    private mutating func pickPromised(_ key: StockKey) -> String? {
        let orders = live.placed.filter { number in
            live.set.orders[number]?.fulfilmentLines.all.contains { $0.reserved > 0 && $0.sku == key.sku } ?? false
        }
        return orders.isEmpty ? nil : chance(80) ? orders[orders.count - 1] : pick(orders)
    }
}
