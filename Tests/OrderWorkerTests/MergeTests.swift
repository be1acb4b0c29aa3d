import TestSite
import Testing

@Suite("Orders that go out in one parcel, as workers see them through")
struct MergeTests {
    @Test("orders of a buyer wait for each other, are handed over as one, and each hears what becomes of the parcel")
    func together() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: together, phase: merge, then: {merge: {seconds: 5}}}]")
            var (first, second) = ("", "")
            try site.wait("two orders wait for each other") {
                let number = "shop/\(site.next())"
                (first, second) = ("\(number)-a", "\(number)-b")
                for order in [first, second] {
                    try site.place(order, term: "on_account") { $0["buyer"] = ["id": number] }
                }
                try site.flush()
                return try site.waiting([first, second]) == 2
            }
            for order in [first, second] { try site.waitFor(order, "released") }
            let parcel = "\(first)-M1"
            try site.waitForRequest(of: parcel, [first, second])
            try site.report("accepted", parcel)

            let stray = "shop/\(site.next())"
            try site.place(stray, term: "on_account")
            try site.waitFor(stray, "released")
            try site.report("packed", parcel) {
                $0["lines"] = [first, stray].map { ["orderNumber": $0, "line": 1, "quantity": 1] as [String: Any] }
            }
            try site.wait("what is said of an order that is not in the parcel waits there") {
                try site.count("SELECT count(*) FROM parked WHERE order_number = '\(stray)'") == 1
            }

            try site.report("shipped", parcel, shipment: "P-1")
            for order in [first, second] { try site.waitFor(order, "shipped") }
            try site.send(
                "fulfilment.delivered", to: "warehouse.callback",
                ["shipment": "P-1", "warehouse": "WH1", "occurredAt": site.now], source: "carrier")
            try site.wait("both are delivered") {
                try site.count("SELECT count(*) FROM parcels WHERE shipment = 'P-1' AND state = 'delivered'") == 2
            }
            try site.audit()
        }
    }

    @Test(
        "staff put orders together; one that is cancelled leaves the parcel at its warehouse, one taken out goes alone")
    func leaves() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: look, phase: review, then: {hold: manual}}]")
            var orders: [String] = []
            try site.wait("orders are held") {
                let number = "shop/\(site.next())"
                orders = ["a", "b", "c"].map { number + $0 }
                for order in orders { try site.place(order, term: "on_account") }
                try site.flush()
                return try site.count(
                    "SELECT count(*) FROM holds WHERE reason = 'manual' AND order_number LIKE '\(number)_'") == 3
            }
            let (lead, cancelled, left) = (orders[0], orders[1], orders[2])
            try site.command("merge", orders[0], id: "merge") { $0["orders"] = Array(orders.dropFirst()) }
            try site.wait("they wait for each other") { try site.waiting(orders) == 3 }
            for order in orders { try site.command("release", order, id: "release \(order)") }
            for order in orders { try site.waitFor(order, "released") }
            try site.waitForRequest(of: "\(lead)-M1", orders)

            try site.ask("cancel", cancelled, request: "1")
            try site.waitForAmend("\(lead)-M1.2", [lead, left])
            try site.report("amended", "\(lead)-M1") { $0["requestId"] = "\(lead)-M1.2" }
            try site.waitFor(cancelled, "cancelled")

            try site.command("unmerge", lead, id: "unmerge")
            try site.waitForAmend("\(lead)-M1.3", [left])
            try site.report("amended", "\(lead)-M1") { $0["requestId"] = "\(lead)-M1.3" }
            try site.waitForRequest(of: "\(lead)-F2", [])
            try site.report("shipped", "\(lead)-M1", shipment: "P-1")
            try site.waitFor(left, "shipped")
            #expect(try site.status(of: lead) == "released")
            try site.report("shipped", "\(lead)-F2", shipment: "P-2")
            try site.waitFor(lead, "shipped")
            try site.audit()
        }
    }
}

extension Site {
    fileprivate func waiting(_ orders: [String]) throws -> Int {
        let list = orders.map { "'\($0)'" }.joined(separator: ", ")
        return try count("SELECT count(*) FROM orders WHERE number IN (\(list)) AND merge_key <> 'apart'")
    }

    /// The warehouse hears of a fulfilment, with the orders that its lines name.
    fileprivate func waitForRequest(of id: String, _ orders: [String]) throws {
        try wait("\(id) is asked for") {
            sink.told("wms", "fulfilment.requested").contains {
                $0.data["fulfilmentId"] as? String == id && Self.orders(in: $0.data) == orders
            }
        }
    }

    fileprivate func waitForAmend(_ request: String, _ orders: [String]) throws {
        try wait("\(request) is asked for") {
            sink.told("wms", "fulfilment.amend_requested").contains {
                $0.data["requestId"] as? String == request && Self.orders(in: $0.data) == orders
            }
        }
    }

    private static func orders(in data: [String: Any]) -> [String] {
        (data["lines"] as? [[String: Any]] ?? []).compactMap { $0["orderNumber"] as? String }
    }
}
