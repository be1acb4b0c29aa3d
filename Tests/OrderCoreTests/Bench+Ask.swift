import OrderCore
import OrderSimulator
import Testing

/// What a test asks of a bench.
extension Bench {
    func state(_ number: String = "web/1") -> OrderState? { set.orders[number] }

    func status(_ number: String = "web/1") -> OrderStatus? { set.orders[number]?.order.status }

    func money(_ number: String = "web/1") -> OrderMoney { set.orders[number]?.order.money ?? OrderMoney() }

    func line(_ line: Int64, _ number: String = "web/1") -> OrderLine? { set.orders[number]?.lines[line] }

    func stock(_ sku: String, _ warehouse: String = "N") -> StockLevel {
        let key = StockKey(sku: sku, warehouse: warehouse)
        return set.stock[key] ?? StockLevel(key: key)
    }

    /// Reasons of the open holds, sorted.
    func holds(_ number: String = "web/1") -> [HoldReason] {
        (set.orders[number]?.openHolds.map(\.reason) ?? []).sorted { $0.rawValue < $1.rawValue }
    }

    /// Names of the events about an order or its fulfilments, alerts left out.
    func told(_ number: String = "web/1") -> [String] {
        events.filter { $0.orderNumber == number && $0.subject != .alert }.map(\.payload.name)
    }

    func count(_ event: String, _ number: String = "web/1") -> Int { told(number).filter { $0 == event }.count }

    /// What was asked of the payment side.
    func requests(_ kind: MoneyRequest.Kind, _ number: String = "web/1") -> [MoneyRequest] {
        set.orders[number]?.requests.all.filter { $0.kind == kind } ?? []
    }

    func timer(_ kind: Timer.Kind, _ number: String = "web/1") -> Timer? {
        timers.first { $0.key.kind == kind && $0.key.orderNumber == number }?.value
    }

    func parked(_ number: String = "web/1") -> [String] {
        (set.orders[number]?.parked ?? set.orphans[number] ?? []).map(\.waitsFor)
    }

    /// The statuses an order went through, by its journal.
    func path(_ number: String = "web/1") -> [OrderStatus] {
        var path: [OrderStatus] = []
        for entry in books.folded[number]?.entries ?? [] where path.last != entry.to { path.append(entry.to) }
        return path
    }
}

extension Bench {
    /// Fails the test where a law was broken; every test ends with it.
    func verify(_ location: SourceLocation = #_sourceLocation) {
        for problem in broken { Issue.record("\(problem)", sourceLocation: location) }
    }
}
