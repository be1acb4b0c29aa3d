import TestServers

/// What a shop says before its first order: one warehouse, one channel, and ten units of one product.
enum OpeningDay {
    static let messages = [
        #"{"type":"warehouse.updated.v1","source":"erp","id":"1","data":{"code":"SH1","revision":1,"active":true}}"#,
        #"{"type":"channel.updated.v1","source":"erp","id":"2","data":{"code":"shop","revision":1,"active":true}}"#,
        #"{"type":"product.updated.v1","source":"erp","id":"3","data":{"sku":"TEA","revision":1,"listed":true,"pricesMinor":{"*":1000},"currency":"CNY"}}"#,
        #"{"type":"stock.received.v1","source":"wms","id":"4","data":{"document":"D1","warehouse":"SH1","occurredAt":"2026-11-20T07:00:00Z","lines":[{"line":1,"sku":"TEA","quantity":10}]}}"#,
    ]

    /// Says them, and waits for the last, the stock, to be there.
    static func begin(_ program: Program) throws {
        _ = try program.run("send", "-", input: messages.joined(separator: "\n"))
        try waitUntil("stock") { try program.run("stock", "show", "-o", "json").output.contains(#""onHand":10"#) }
    }
}
