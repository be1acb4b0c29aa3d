import TestSite
import Testing

@Suite("P5: nothing is sold that is not there")
struct StockTests {
    @Test("200 orders at once for the last unit over 4 lanes: one reserved, 199 rejected for want of stock")
    func lastUnit() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(stock: 1)
            for index in 1...200 { try site.place("shop/\(index)") }
            try site.wait("all are decided") { try site.count("SELECT count(*) FROM orders") == 200 }
            #expect(try site.count("SELECT count(*) FROM orders WHERE status = 'awaiting_payment'") == 1)
            #expect(try site.count("SELECT count(*) FROM orders WHERE status = 'rejected'") == 199)
            #expect(try site.count("SELECT reserved FROM stock") == 1)
            try site.waitUntilQuiet()
            let reasons = site.sink.told("storefront", "order.rejected").map { "\($0.data["reasons"] ?? "")" }
            #expect(reasons.count == 199)
            #expect(reasons.allSatisfy { $0.contains("out_of_stock") })
            try site.audit()
            try site.checkDeliveries()
        }
    }

    @Test("the last unit among partners' orders: one reserved, 199 held for want of stock")
    func lastUnitHeld() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(stock: 1)
            for index in 1...200 { try site.place("mall/\(index)", kind: "external", term: "prepaid") }
            try site.wait("all are decided") { try site.count("SELECT count(*) FROM orders") == 200 }
            #expect(
                try site.count(
                    """
                    SELECT count(DISTINCT order_number) FROM holds WHERE closed_at IS NULL AND reason = 'out_of_stock'
                    """) == 199)
            #expect(try site.count("SELECT count(*) FROM orders WHERE status = 'awaiting_release'") == 199)
            #expect(try site.count("SELECT reserved FROM stock") == 1)
            try site.audit()
        }
    }

    @Test("two lines of one SKU, 3 and 3 on a stock of 5, are not both reserved")
    func sameSKU() async throws {
        try await Site.use { site in
            try site.open(stock: 5)
            try site.place("shop/1", quantities: [3, 3])
            try site.waitFor("shop/1", "rejected")
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            try site.place("shop/2", quantities: [3, 2])
            try site.waitFor("shop/2", "awaiting_payment")
            #expect(try site.count("SELECT reserved FROM stock") == 5)
        }
    }

    @Test("counted below what is reserved: the difference is missing until the newest orders are held")
    func lost() async throws {
        try await Site.use(lanes: 2) { site in
            try site.open(stock: 5)
            for index in 1...5 {
                try site.place("shop/\(index)", term: "cash_on_delivery")
                try site.waitFor("shop/\(index)", "released")
            }
            try site.send(
                "stock.counted", to: "warehouse.callback",
                [
                    "document": "C1", "warehouse": "WH1", "occurredAt": site.now, "countedAt": site.now,
                    "lines": [["line": 1, "sku": "TEA", "quantity": 3]],
                ])
            try site.wait("two orders are held") {
                try site.count("SELECT count(*) FROM holds WHERE reason = 'stock_lost' AND closed_at IS NULL") == 2
            }
            #expect(try site.openHolds("shop/5").contains("stock_lost"))
            #expect(try site.openHolds("shop/4").contains("stock_lost"))
            try site.wait("nothing is missing any more") { try site.count("SELECT missing FROM stock") == 0 }
            #expect(try site.count("SELECT reserved FROM stock") == 3)
            #expect(try site.count("SELECT on_hand FROM stock") == 3)
            try site.waitUntilQuiet()
            try site.audit()
        }
    }

    @Test(
        "two of three units shipped and then the third, told by parcel or as totals, in any order",
        arguments: [
            ["a", "b"], ["b", "a"], ["A", "B"], ["B", "A"],
        ])
    func parcels(told: [String]) async throws {
        try await Site.use { site in
            try site.open(stock: 3)
            try site.place("shop/1", quantities: [3], term: "cash_on_delivery")
            try site.waitFor("shop/1", "released")
            for parcel in told {
                let isTotal = parcel.uppercased() == parcel
                let first = parcel.lowercased() == "a"
                let quantity = first ? 2 : (isTotal ? 3 : 1)
                try site.report("shipped", "shop/1-F1", shipment: first ? "S1" : "S2", lines: [(1, quantity)]) {
                    if isTotal { $0["quantities"] = "cumulative" }
                }
            }
            try site.waitFor("shop/1", "shipped")
            try site.waitUntilTaken(7)
            #expect(try site.count("SELECT shipped FROM order_lines") == 3)
            #expect(try site.count("SELECT on_hand FROM stock") == 0)
            #expect(try site.count("SELECT reserved FROM stock") == 0)
            try site.audit()
        }
    }

    @Test("a hot SKU over 4 lanes: each receiver hears of its stock in order")
    func hotSKU() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(stock: 100_000)
            for index in 1...1_500 {
                try site.place("shop/\(index)")
                if index.isMultiple(of: 10) { try site.flush() }
            }
            try site.wait("all are there") { try site.count("SELECT count(*) FROM orders") == 1_500 }
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            #expect(try site.count("SELECT reserved FROM stock") == 1_500)
        }
    }
}
