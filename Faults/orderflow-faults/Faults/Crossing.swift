import FaultAuditor
import Postgres
import TestSite

/// Two messages about one order that contradict each other: `domain.md` says what comes of it, whichever is first.
enum Crossing: String, CaseIterable {
    /// The buyer cancels; the parcel leaves.
    case cancelAndParcel = "cancel and parcel"
    /// Staff send the money back; the parcel leaves.
    case refundAndParcel = "refund and parcel"
    /// The warehouse stops what was cancelled, which is refunded; the parcel leaves.
    case stopAndParcel = "stop and parcel"
    /// The time to pay is over; the payment comes.
    case timeoutAndPayment = "timeout and payment"

    /// Which of the two came first.
    enum Winner: String, CaseIterable { case first, second }

    /// What an order has come to.
    struct End: Equatable {
        var status: String
        var refunded: Int
        var requests: Int
        var holds = ""
    }

    /// What must come of it.
    func end(_ winner: Winner) -> End {
        switch (self, winner) {
        // It can't be stopped any more: what was asked to stop goes on, and the buyer is told.
        case (.cancelAndParcel, .first): End(status: "shipped", refunded: 0, requests: 0, holds: "cancel_refused")
        case (.cancelAndParcel, .second): End(status: "shipped", refunded: 0, requests: 0)
        case (.refundAndParcel, _): End(status: "shipped", refunded: 1_000, requests: 1)
        // The goods left all the same: refunded once, not twice.
        case (.stopAndParcel, .first):
            End(status: "cancelled", refunded: 1_000, requests: 1, holds: "shipped_after_cancel")
        case (.stopAndParcel, .second): End(status: "shipped", refunded: 0, requests: 0, holds: "cancel_refused")
        case (.timeoutAndPayment, .first): End(status: "cancelled", refunded: 1_000, requests: 1)
        case (.timeoutAndPayment, .second): End(status: "released", refunded: 0, requests: 0)
        }
    }

    /// "Parcel before cancel".
    func order(_ winner: Winner) -> String {
        let both = rawValue.split(separator: " and ").map(String.init)
        return (winner == .first ? both : both.reversed()).joined(separator: " before ")
    }

    /// As a part of order numbers.
    var name: String { rawValue.replacing(" ", with: "-") }

    /// How many messages an order is sent: a timeout is none.
    var messages: Int { self == .timeoutAndPayment ? 1 : 2 }

    /// How long after the first the second may come to meet it, in seconds: a timer has to be found due.
    var longestGap: Double { self == .timeoutAndPayment ? 2 : 0.01 }

    /// Brings orders to where it can happen.
    func prepare(_ orders: [String], _ stage: Stage) throws {
        let site = stage.site
        for order in orders { try site.place(order, id: "place \(order)") }
        guard self != .timeoutAndPayment else { return try wait(for: orders, "awaiting_payment", stage) }
        for order in orders { try site.pay(order, transaction: "T-\(order)", id: "pay \(order)") }
        try wait(for: orders, "released", stage)
        guard self == .stopAndParcel else { return }
        for order in orders { try site.ask("cancel", order, request: "stop", id: "cancel \(order)") }
        stage.time("warehouses are asked to stop", limit: 10) {
            try stage.count(
                "SELECT count(*) FROM holds WHERE reason = 'cancelling' AND order_number IN (\(orders.list))")
                == orders.count
        }
    }

    private func wait(for orders: [String], _ status: String, _ stage: Stage) throws {
        stage.time("orders are \(status)", limit: 10) {
            try stage.count("SELECT count(*) FROM orders WHERE status = '\(status)' AND number IN (\(orders.list))")
                == orders.count
        }
    }

    /// The cancel, the refund, the answer of the warehouse, the timeout.
    func sayFirst(_ orders: [String], _ stage: Stage) throws {
        let site = stage.site
        switch self {
        case .cancelAndParcel: for order in orders { try site.ask("cancel", order, request: "1", id: "first \(order)") }
        case .refundAndParcel: for order in orders { try site.command("refund", order, id: "first \(order)") }
        case .stopAndParcel:
            for (order, id, warehouse) in try fulfilments(of: orders, stage) {
                try site.report("cancelled", id, warehouse: warehouse, id: "first \(order)") {
                    $0["requestId"] = "\(id).2"
                }
            }
        case .timeoutAndPayment:
            let session = try site.connect()
            defer { session.close() }
            _ = try session.query(
                """
                UPDATE due SET due_at = now(), next_at = now()
                WHERE kind = 'payment_timeout' AND order_number = ANY ($1)
                """, [.textArray(orders)])
        }
    }

    /// The parcel, or the payment.
    func saySecond(_ orders: [String], _ stage: Stage) throws {
        guard self != .timeoutAndPayment else {
            for order in orders { try stage.site.pay(order, transaction: "T-\(order)", id: "second \(order)") }
            return
        }
        for (order, id, warehouse) in try fulfilments(of: orders, stage) {
            let data: [String: Any] = [
                "fulfilmentId": id, "warehouse": warehouse, "orderNumber": order, "shipment": "\(id)-P",
                "occurredAt": stage.site.now, "lines": [["line": 1, "quantity": 1]],
            ]
            let parcel = try SentMessage(
                "fulfilment.shipped.v1", to: "warehouse.callback", data, source: "wms", id: "second \(order)")
            stage.speaker.say(parcel, fate: self == .stopAndParcel ? .crossing : .effect)
        }
    }

    private func fulfilments(
        of orders: [String], _ stage: Stage
    ) throws -> [(order: String, id: String, warehouse: String)] {
        let session = try stage.site.connect()
        defer { session.close() }
        return try session.query(
            "SELECT order_number, id, warehouse FROM fulfilments WHERE order_number = ANY ($1)", [.textArray(orders)]
        ).map { (try $0.text(0), try $0.text(1), try $0.text(2)) }
    }
}

extension [String] {
    /// As a list of SQL texts.
    fileprivate var list: String { map { "'\($0)'" }.joined(separator: ", ") }
}
