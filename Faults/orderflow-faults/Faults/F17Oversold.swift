import TestSite

extension FaultCase {
    /// Far more is wanted at once than there is.
    static let oversold = FaultCase(
        id: "F17", title: "orders at once for more than there is, and a flash sale", isShort: true
    ) { stage in
        try stage.open(workers: 4)
        try stage.sell("LAST", units: [60, 40], to: 200)
        try stage.sell("FLASH", units: [500, 0], to: stage.scale.pick(1_000, 10_000, 10_000))
    }
}

extension Stage {
    /// Sells a SKU of which the warehouses have so many units to so many buyers, one unit each, all at once.
    fileprivate func sell(_ sku: String, units: [Int], to buyers: Int) throws {
        try site.send(
            "product.updated", to: "reference.update",
            ["sku": sku, "revision": 1, "listed": true, "pricesMinor": ["*": 1_000], "currency": "CNY"])
        for (warehouse, units) in zip(LoadOrder.warehouses, units) where units > 0 {
            try site.receive(units, of: sku, in: warehouse)
        }
        let there = units.reduce(0, +)
        time("a SKU is on sale", limit: 10) {
            try count("SELECT coalesce(sum(on_hand), 0)::bigint FROM stock WHERE sku = '\(sku)'") == there
                && count("SELECT count(*) FROM products WHERE sku = '\(sku)'") == 1
        }
        for buyer in 1...buyers { try site.place("shop/\(sku)-\(buyer)", sku: sku, id: "place \(sku) \(buyer)") }
        time("every buyer has an answer", limit: 60) {
            try count("SELECT count(*) FROM orders WHERE number LIKE 'shop/\(sku)-%'") == buyers
        }
        let sold = try count(
            "SELECT count(*) FROM orders WHERE number LIKE 'shop/\(sku)-%' AND status = 'awaiting_payment'")
        check(sold == there, "\(sold) of \(there) units of \(sku) are sold")
        let reserved = try count("SELECT sum(reserved)::bigint FROM stock WHERE sku = '\(sku)'")
        check(reserved == there, "\(reserved) of \(there) units of \(sku) are reserved")
        time("events of a sale are out", limit: 30) { try count("SELECT count(*) FROM outbox") < 100 }
        time("who got nothing is told so", limit: 10) { toldSoldOut(sku) == buyers - there }
    }

    /// Buyers of a SKU who have heard that there is no more.
    private func toldSoldOut(_ sku: String) -> Int {
        let rejected = site.sink.told("storefront", "order.rejected").filter { told in
            let number = told.data["orderNumber"] as? String ?? ""
            let reasons = told.data["reasons"] as? [[String: Any]] ?? []
            return number.hasPrefix("shop/\(sku)-") && reasons.contains { $0["code"] as? String == "out_of_stock" }
        }
        return rejected.count
    }
}
