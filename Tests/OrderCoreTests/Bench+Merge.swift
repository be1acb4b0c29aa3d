import OrderCore
import OrderSimulator

/// Orders that go out together.
extension Bench {
    /// A business whose orders wait for each other.
    static func merging(seconds: Int64 = 3_600, _ policy: (inout StorePolicy) -> Void = { _ in }) -> Bench {
        var bench = Bench(policy)
        var rule = Rule("together", .merge)
        rule.actions = [.merge(windowSeconds: seconds)]
        bench.follow([rule])
        return bench
    }

    /// Orders of one buyer that need no payment first, in one parcel at their warehouse.
    static func merged(_ count: Int = 2) -> Bench {
        var bench = merging()
        bench.placeTogether(count)
        bench.fire(.merge)
        return bench
    }

    /// Places orders of one buyer that need no payment first.
    mutating func placeTogether(_ count: Int = 2) {
        for number in 1...count {
            place("web/\(number)", [.of("A", Int64(number), at: 100)], term: .onAccount) { $0.buyer = "li" }
        }
    }

    /// What warehouses were asked to take.
    var handOvers: [EventPayload.FulfilmentRequest] {
        events.compactMap { if case .fulfilmentRequested(let request) = $0.payload { request } else { nil } }
    }

    /// What warehouses were asked to change.
    var amends: [EventPayload.AmendRequest] {
        events.compactMap { if case .fulfilmentAmendRequested(let request) = $0.payload { request } else { nil } }
    }

    /// The warehouse speaks of the parcel that `web/1` leads, or of what an order has in it.
    @discardableResult
    mutating func tellOfParcel(
        _ kind: FulfilmentReport.Kind, parcel: String? = nil, of order: String = "web/1",
        answering request: String? = nil, _ lines: [Int64: Int64] = [:], others: [OrderLines] = []
    ) -> [Outcome] {
        var message = reporting(
            kind, order, parcel: parcel, lines, fulfilment: "web/1-M1", document: "\(messageCount)",
            answering: request)
        if case .fulfilment(var report) = message.payload {
            report.others = others
            message.payload = .fulfilment(report)
        }
        return parts(of: message).map { feed($0) }
    }
}

extension Event {
    /// The orders that a wish to stop names.
    var ordersOfStop: [String]? {
        if case .fulfilmentCancelRequested(_, _, _, let orders) = payload { orders } else { nil }
    }
}
