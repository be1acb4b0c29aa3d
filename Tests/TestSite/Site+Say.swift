import Foundation
import Postgres
import TestServers

// What the outside world says, in one line each.
extension Site {
    /// A channel, a partner, a warehouse and products with stock: enough to take orders.
    package func open(
        skus: [String] = ["TEA"], stock: Int = 1_000, policy: [String: Any] = [:], partnerPolicy: [String: Any] = [:],
        warehouses: [String] = ["WH1"]
    ) throws {
        try send("channel.updated", to: "reference.update", ["code": "shop", "revision": 1, "policy": policy])
        try send("partner.updated", to: "reference.update", ["code": "mall", "revision": 1, "policy": partnerPolicy])
        for code in warehouses {
            try send("warehouse.updated", to: "reference.update", ["code": code, "revision": 1, "priority": 1])
        }
        for sku in skus {
            try send(
                "product.updated", to: "reference.update",
                ["sku": sku, "revision": 1, "listed": true, "pricesMinor": ["*": 1_000], "currency": "CNY"])
            for code in warehouses {
                if stock > 0 { try receive(stock, of: sku, in: code) } else { try countNothing(of: sku, in: code) }
            }
        }
        let rows = skus.count * warehouses.count
        try wait("the shop is open") {
            try count("SELECT count(*) FROM stock") >= rows && count("SELECT count(*) FROM products") >= skus.count
                && count("SELECT count(*) FROM sellers") == 2
                && count("SELECT count(*) FROM warehouses") == warehouses.count
        }
    }

    private func countNothing(of sku: String, in warehouse: String) throws {
        try send(
            "stock.counted", to: "warehouse.callback",
            [
                "document": "C-\(sku)-\(warehouse)", "warehouse": warehouse, "countedAt": now,
                "lines": [["line": 1, "sku": sku, "quantity": 0]],
            ])
    }

    package func receive(
        _ quantity: Int, of sku: String, in warehouse: String, document: String? = nil
    ) throws {
        try send(
            "stock.received", to: "warehouse.callback",
            [
                "document": document ?? "D-\(sku)-\(warehouse)", "warehouse": warehouse, "occurredAt": now,
                "lines": [["line": 1, "sku": sku, "quantity": quantity]],
            ])
    }

    package var now: String { ISO8601DateFormatter().string(from: Date()) }

    /// An order of so many units a line, all of one SKU unless told.
    package func place(
        _ number: String, quantities: [Int] = [1], sku: String = "TEA", kind: String = "internal",
        term: String = "online", id: String? = nil, _ adjust: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        let total = quantities.reduce(0, +) * 1_000
        var data: [String: Any] = [
            "orderNumber": number, "placedAt": now, "currency": "CNY", "paymentTerm": term, "buyer": ["id": "b-1"],
            "receiver": ["name": "Li", "phone": "1", "country": "CN", "city": "Shanghai", "address": "1 Road"],
            "lines": quantities.enumerated().map {
                ["line": $0.offset + 1, "sku": sku, "quantity": $0.element, "unitPriceMinor": 1_000]
            },
            "amounts": ["goodsMinor": total, "payableMinor": total],
        ]
        adjust(&data)
        try send("order.placed", to: "order.\(kind)", data, id: id)
    }

    package func pay(
        _ number: String, _ amount: Int = 1_000, transaction: String? = nil, kind: String = "captured",
        id: String? = nil, _ adjust: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        var data: [String: Any] = [
            "gateway": "alipay", "transactionId": transaction ?? "T-\(number)", "orderNumber": number,
            "amountMinor": amount, "currency": "CNY", "occurredAt": now, "operationId": "op-\(transaction ?? "1")",
        ]
        adjust(&data)
        try send("payment.\(kind)", to: "payment.callback", data, source: "gateway", id: id)
    }

    /// One payment of several orders.
    package func payTogether(_ numbers: [String], transaction: String, id: String) throws {
        let data: [String: Any] = [
            "gateway": "alipay", "transactionId": transaction, "amountMinor": 1_000 * numbers.count, "currency": "CNY",
            "orders": numbers.map { ["orderNumber": $0, "amountMinor": 1_000] }, "occurredAt": "2026-03-01T12:00:00Z",
            "operationId": "op",
        ]
        try send("payment.captured", to: "payment.callback", data, source: "gateway", id: id)
    }

    package func report(
        _ kind: String, _ fulfilment: String, warehouse: String = "WH1", shipment: String? = nil,
        lines: [(Int, Int)] = [], id: String? = nil, _ adjust: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        var data: [String: Any] = ["fulfilmentId": fulfilment, "warehouse": warehouse, "occurredAt": now]
        if let shipment { data["shipment"] = shipment }
        if !lines.isEmpty { data["lines"] = lines.map { ["line": $0.0, "quantity": $0.1] } }
        adjust(&data)
        try send("fulfilment.\(kind)", to: "warehouse.callback", data, source: "wms", id: id)
    }

    /// A wish of the storefront about an order.
    package func ask(
        _ kind: String, _ number: String, request: String, source: String = "shop", id: String? = nil
    ) throws {
        try send(
            "order.\(kind)", to: "order.command", ["orderNumber": number, "requestId": request, "occurredAt": now],
            source: source, id: id)
    }

    /// What a person of staff does to an order.
    package func command(
        _ command: String, _ number: String, id: String, user: String? = "orderflow",
        _ adjust: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        var data: [String: Any] = ["orderNumber": number, "command": command, "by": "ann", "reason": "a test"]
        adjust(&data)
        try send("order.command", to: "staff.command", data, source: "console", id: id, user: user)
    }

    /// The sum of a column over an order's rows.
    package func amount(_ column: String, of number: String) throws -> Int {
        try count("SELECT \(column) FROM orders WHERE number = '\(number)'")
    }

    /// The open holds of an order.
    package func openHolds(_ number: String) throws -> [String] {
        try database.query(
            "SELECT reason FROM holds WHERE order_number = '\(number)' AND closed_at IS NULL ORDER BY reason"
        ).map { try $0.text(0) }
    }
}
