import Postgres
import TestSite
import Testing

@Suite("Orders that go out in one parcel, as workers see them through")
struct MergeTests {
    @Test("orders of a buyer wait for each other, are handed over as one, and each hears what becomes of the parcel")
    func together() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: together, phase: merge, then: {merge: {seconds: 5}}}]")
            let (first, second) = try site.placeTwo()
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

    @Test("an order in quarantine hears, once it is let out, what has become of its parcel meanwhile")
    func quarantined() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: together, phase: merge, then: {merge: {seconds: 5}}}]")
            let (first, second) = try site.placeTwo()
            for order in [first, second] { try site.waitFor(order, "released") }
            try site.database.execute(
                "INSERT INTO quarantined_orders (order_number, fault) VALUES ('\(second)', 'odd')")
            try site.report("accepted", "\(first)-M1")
            try site.report("shipped", "\(first)-M1", shipment: "P-1")
            try site.waitFor(first, "shipped")
            try site.send(
                "tracking.checkpoint", to: "warehouse.callback",
                ["warehouse": "WH1", "shipment": "P-1", "code": "in_transit", "occurredAt": site.now],
                source: "carrier")
            try site.send(
                "fulfilment.delivered", to: "warehouse.callback", ["shipment": "P-1", "occurredAt": site.now],
                source: "carrier")
            let delivered = "SELECT count(*) FROM parcels WHERE shipment = 'P-1' AND state = 'delivered'"
            try site.wait("the other is delivered") { try site.count(delivered) == 1 }
            #expect(try site.status(of: second) == "released")
            try site.command("lift_quarantine", second, id: "lift")
            try site.wait("it is delivered, too") { try site.count(delivered) == 2 }
            #expect(try site.count("SELECT count(*) FROM tracking_checkpoints WHERE order_number = '\(second)'") == 1)
            #expect(try site.count("SELECT count(*) FROM parked") == 0)
            try site.audit()
        }
    }

    @Test("a warehouse that lost what it was told gets the parcel's events again by the number of any order in it")
    func resent() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: together, phase: merge, then: {merge: {seconds: 5}}}]")
            let (first, second) = try site.placeTwo()
            for order in [first, second] { try site.waitFor(order, "released") }
            try site.waitUntilQuiet()
            let before = site.sink.all
            func ask(_ number: String, _ id: String, _ more: [String: Any]) throws -> String {
                let data: [String: Any] = ["receiver": "wms", "subject": number, "fromNumber": 1, "by": "ann"]
                try site.send(
                    "delivery.resend", to: "staff.command", data.merging(more) { $1 }, source: "console", id: id,
                    user: "orderflow")
                return try site.outcome(of: id, source: "console")
            }
            #expect(try ask(second, "itself", [:]) == "refused")
            #expect(try ask(second, "with parts", ["fulfilments": true]) == "done")
            #expect(try site.text("SELECT reason FROM inbox WHERE id = 'with parts'") == "1 sent again")
            try site.waitUntilQuiet()
            let again = site.sink.told(after: before.count)
            #expect(again.map(\.id) == before.filter { $0.subject == "\(first)-M1" }.map(\.id))
            try site.checkDeliveries()
        }
    }

    @Test("what is too heavy for one parcel by a split rule is handed over apart, whoever puts it together")
    func tooHeavy() async throws {
        try await Site.use { site in
            try site.open()
            try site.send(
                "product.updated", to: "reference.update",
                [
                    "sku": "TEA", "revision": 2, "listed": true, "pricesMinor": ["*": 1_000], "currency": "CNY",
                    "weightGrams": 1_000,
                ])
            try site.wait("the product is known") {
                try site.count("SELECT count(*) FROM products WHERE weight = 1000") == 1
            }
            try site.publish(
                """
                rules:
                  - {name: together, phase: merge, then: {merge: {seconds: 5}}}
                  - {name: light, phase: split, then: {split: {maximumWeight: 1500}}}
                """)
            let (first, second) = try site.placeTwo()
            try site.command("merge", first, id: "merge") { $0["orders"] = [second] }
            try site.wait("staff can't") { try site.outcome(of: "merge", source: "console") == "refused" }
            for order in [first, second] { try site.waitFor(order, "released") }
            for order in [first, second] { try site.waitForRequest(of: "\(order)-F1", []) }
            try site.audit()
        }
    }

    @Test("rules that look at products see them of a part that goes on alone, of which only its warehouse speaks")
    func productsOfLeavers() async throws {
        try await Site.use { site in
            try site.open()
            try site.send(
                "product.updated", to: "reference.update",
                [
                    "sku": "TEA", "revision": 2, "listed": true, "pricesMinor": ["*": 1_000], "currency": "CNY",
                    "temperature": "frozen",
                ])
            try site.wait("the product is known") {
                try site.count("SELECT count(*) FROM products WHERE temperature = 'frozen'") == 1
            }
            try site.publish(
                """
                rules:
                  - {name: together, phase: merge, then: {merge: {seconds: 5}}}
                  - name: cold
                    phase: output
                    when: {event: fulfilment.requested, anyLine: {temperature: frozen}}
                    then: {tell: crm}
                """)
            let (first, second) = try site.placeTwo()
            for order in [first, second] { try site.waitFor(order, "released") }
            try site.command("unmerge", second, id: "unmerge")
            try site.waitForAmend("\(first)-M1.2", [first])
            try site.report("amended", "\(first)-M1") { $0["requestId"] = "\(first)-M1.2" }
            try site.wait("it is handed over alone") {
                try site.count("SELECT count(*) FROM fulfilments WHERE id = '\(second)-F2' AND state = 'released'") == 1
            }
            let told = "SELECT effect FROM rule_decisions WHERE order_number = '\(second)' AND phase = 'output'"
            #expect(try site.text(told)?.contains("crm hears") == true)
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

    @Test("units of an order are left out of its parcel with another; to another receiver it goes alone")
    func changes() async throws {
        try await Site.use { site in
            try site.open()
            try site.publish("rules: [{name: together, phase: merge, then: {merge: {seconds: 5}}}]")
            let (first, second) = try site.placeTwo(quantity: 3)
            for order in [first, second] { try site.waitFor(order, "released") }
            try site.command("cancel_lines", second, id: "less") { $0["lines"] = [["line": 1, "quantity": 2]] }
            try site.waitForAmend("\(first)-M1.2", [first, second])
            try site.report("amended", "\(first)-M1") { $0["requestId"] = "\(first)-M1.2" }
            try site.wait("they are cancelled") {
                try site.count("SELECT sum(cancelled)::bigint FROM order_lines WHERE order_number = '\(second)'") == 2
            }
            let receiver = ["name": "Wang", "phone": "2", "country": "CN", "city": "Shanghai", "address": "2 Road"]
            try site.command("edit_receiver", first, id: "elsewhere") { $0["receiver"] = receiver }
            try site.waitForAmend("\(first)-M1.3", [second])
            try site.report("amended", "\(first)-M1") { $0["requestId"] = "\(first)-M1.3" }
            try site.waitForRequest(of: "\(first)-F2", [])
            let asked = site.sink.told("wms", "fulfilment.requested").last
            #expect((asked?.data["receiver"] as? [String: Any])?["name"] as? String == "Wang")
            try site.report("shipped", "\(first)-M1", shipment: "P-1")
            try site.report("shipped", "\(first)-F2", shipment: "P-2")
            for order in [first, second] { try site.waitFor(order, "shipped") }
            try site.audit()
        }
    }
}

extension Site {
    /// Two orders of one buyer, which wait for each other once the rules count.
    fileprivate func placeTwo(quantity: Int = 1) throws -> (String, String) {
        var (first, second) = ("", "")
        try wait("two orders wait for each other") {
            let number = "shop/\(next())"
            (first, second) = ("\(number)-a", "\(number)-b")
            for order in [first, second] {
                try place(order, quantities: [quantity], term: "on_account") { $0["buyer"] = ["id": number] }
            }
            try flush()
            return try waiting([first, second]) == 2
        }
        return (first, second)
    }

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
