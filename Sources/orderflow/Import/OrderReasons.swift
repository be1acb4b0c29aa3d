/// Why each order is where it is.
struct OrderReasons {
    private struct Line {
        var number: String
        var status: String
        var payment: String
        var reason: String
    }

    private let lines: [Line]

    init(_ sent: SentMessages, _ facts: ImportFacts) {
        var open: [String: Set<String>] = [:]
        for entry in sent.entries {
            guard let number = entry.orderNumber else { continue }
            let fate = facts.fate(of: entry.key)
            switch fate.outcome {
            case .applied: break
            case .parked: open[number, default: []].insert("\(entry.type) \(fate.kindOfReason)")
            case .refused, .conflict, .dead:
                open[number, default: []].insert("\(entry.type) \(fate.outcome): \(fate.reason)")
            case .notReceived: open[number, default: []].insert("\(entry.type) not received")
            }
        }
        lines = sent.orderNumbers.map { number in
            guard let order = facts.orders[number] else {
                return Line(number: number, status: "none", payment: "", reason: "the order is not there")
            }
            var reasons = order.holds.map { "hold \($0)" } + (Self.money(order).map { [$0] } ?? [])
            reasons += (open[number] ?? []).sorted()
            if reasons.isEmpty { reasons = [Self.plain(order.status)] }
            return Line(
                number: number, status: order.status, payment: order.paymentState,
                reason: reasons.joined(separator: "; "))
        }
    }

    /// Status × reason × count.
    var summary: Listing {
        var counts: [[String]: Int64] = [:]
        for line in lines { counts[[line.status, line.payment, line.reason], default: 0] += 1 }
        var listing = Listing(["status", "payment", "why", "orders"])
        for (key, count) in counts.sorted(by: {
            ($0.key[0], $1.value, $0.key[2]) < ($1.key[0], $0.value, $1.key[2])
        }) {
            listing.add([.text(key[0]), .text(key[1]), .text(key[2]), .integer(count)])
        }
        return listing
    }

    var listing: Listing {
        Listing(
            ["order", "status", "payment", "why"],
            rows: lines.map { [.text($0.number), .text($0.status), .text($0.payment), .text($0.reason)] })
    }

    private static func money(_ order: ImportFacts.Order) -> String? {
        let received = order.captured - order.returned
        if order.status == "cancelled" || order.status == "rejected" {
            return order.returned > 0 ? "what was paid is asked back" : nil
        }
        if order.status == "awaiting_payment" {
            if received > 0 { return "paid too little" }
            return order.authorized > 0 ? "authorised, not captured" : "not paid"
        }
        if order.returned > 0 { return "paid too much: the excess is asked back" }
        return received > order.due ? "paid too much" : nil
    }

    private static func plain(_ status: String) -> String {
        switch status {
        case "awaiting_release": "waits for release"
        case "released": "with the warehouse, nothing has shipped yet"
        case "partially_shipped": "part of it has shipped"
        case "shipped": "under way, not delivered yet"
        case "awaiting_review": "delivered, may be reviewed"
        case "completed": "delivered"
        case "cancelled": "cancelled before anything shipped"
        default: status
        }
    }
}
