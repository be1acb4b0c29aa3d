import Foundation
import Glibc
import Synchronization
import TestSite

/// Shops, gateways and warehouses at work: places orders at a rate and answers what is heard, on a thread of its own.
final class Load: @unchecked Sendable {
    private let site: Site
    private let seed: UInt64
    private let rate = Mutex<Double>(0)
    private let placedCount = Atomic<Int>(0)
    private let pendingCount = Atomic<Int>(0)
    private let isOpen = Atomic<Bool>(true)
    private let hasEnded = Atomic<Bool>(false)

    // Of the thread alone.
    var orders: [String: LoadOrder] = [:]
    private var agenda: [(at: ContinuousClock.Instant, say: () throws -> Void)] = []
    private var heardCount = 0
    /// Fulfilments that something has left of, or that the warehouse has stopped.
    var shipped: Set<String> = []
    var stopped: Set<String> = []
    /// How often the warehouse has changed a fulfilment as it was asked to.
    var editions: [String: Int] = [:]
    private var answered: Set<String> = []

    init(_ site: Site, seed: UInt64) {
        self.site = site
        self.seed = seed
        Thread.detachNewThread { [self] in
            run()
            hasEnded.store(true, ordering: .releasing)
        }
    }

    /// From now on so many orders a second; 0: none.
    func place(perSecond: Double) { rate.withLock { $0 = perSecond } }

    /// Orders placed so far.
    var placed: Int { placedCount.load(ordering: .acquiring) }

    /// Nobody has anything on the tip of the tongue.
    var isIdle: Bool { pendingCount.load(ordering: .acquiring) == 0 }

    func close() {
        isOpen.store(false, ordering: .releasing)
        while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
    }

    private func run() {
        var owed = 0.0
        var last = ContinuousClock.now
        while isOpen.load(ordering: .acquiring) {
            let now = ContinuousClock.now
            owed += rate.withLock { $0 } * ((now - last) / .seconds(1))
            last = now
            while owed >= 1 {
                owed -= 1
                place()
            }
            // Counted before what was heard is known to be answered: idle means that nothing is to come.
            let told = site.sink.told(after: heardCount)
            for told in told { answer(told) }
            heardCount += told.count
            let due = agenda.filter { $0.at <= now }.sorted { $0.at < $1.at }
            agenda.removeAll { $0.at <= now }
            for entry in due { try? entry.say() }
            pendingCount.store(agenda.count, ordering: .releasing)
            usleep(5_000)
        }
    }

    /// Says something after so many milliseconds.
    func after(_ milliseconds: Int, _ say: @escaping (Site) throws -> Void) {
        agenda.append((.now + .milliseconds(milliseconds), { [site] in try say(site) }))
        pendingCount.store(agenda.count, ordering: .releasing)
    }

    /// Answers a request once, however often it is heard.
    func once(_ key: String, _ body: () -> Void) {
        if answered.insert(key).inserted { body() }
    }

    private func place() {
        let index = placedCount.load(ordering: .relaxed) + 1
        let order = LoadOrder(index, seed: seed)
        orders[order.number] = order
        let isPaidFirst = order.story == .paidFirst
        after(isPaidFirst ? 300 : 0) { try $0.place(order) }
        switch order.story {
        case .external: break
        case .paidInParts:
            after(50) { try $0.pay(order, order.payable / 2, part: 1) }
            after(150) { try $0.pay(order, order.payable - order.payable / 2, part: 2) }
        case .cancelledEarly:
            after(Int(index % 3) * 60) {
                try $0.ask("cancel", order.number, request: "early", id: "cancel \(order.number)")
            }
            after(60) { try $0.pay(order, order.payable, part: 1) }
        case .ordinary, .paidFirst, .cancelledLate, .fewerUnits, .otherReceiver:
            after(isPaidFirst ? 0 : 50) { try $0.pay(order, order.payable, part: 1) }
        }
        placedCount.store(index, ordering: .releasing)
    }
}

extension Site {
    fileprivate func place(_ order: LoadOrder) throws {
        try place(
            order.number, quantities: order.lines.map(\.quantity), kind: order.isExternal ? "external" : "internal",
            term: order.isExternal ? "prepaid" : "online", id: "place \(order.number)"
        ) { data in
            data["lines"] = order.lines.enumerated().map { place, line in
                [
                    "line": place + 1, "sku": line.sku, "quantity": line.quantity,
                    "unitPriceMinor": LoadOrder.unitPrice,
                ] as [String: Any]
            }
        }
    }

    fileprivate func pay(_ order: LoadOrder, _ amount: Int, part: Int) throws {
        try pay(order.number, amount, transaction: "T-\(order.number)-\(part)", id: "pay \(order.number) \(part)")
    }
}
