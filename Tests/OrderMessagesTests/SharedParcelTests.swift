import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("What is said and asked of a parcel with several orders")
struct SharedParcelTests {
    private static let time = #""occurredAt":"2026-11-21T01:30:00Z""#

    private static func message(_ type: String, _ fields: String) throws -> Message {
        try #require(Decoding.messages(type, "{\(fields),\(time)}").first)
    }

    private static func reports(_ messages: [Message]) -> [FulfilmentReport] {
        messages.compactMap { if case .fulfilment(let report) = $0.payload { report } else { nil } }
    }

    @Test("lines name their orders: each order gets its own as a part, under a business key of its own")
    func lines() throws {
        let message = try Self.message(
            "fulfilment.shipped.v1",
            #""fulfilmentId":"shop/1-M1","warehouse":"N","shipment":"S","lines":[{"orderNumber":"shop/2","line":1,"quantity":2},{"line":3,"quantity":1},{"orderNumber":"shop/2","line":1,"quantity":1}]"#
        )
        let parts = message.parts(for: ["shop/1", "shop/2", "shop/3"])
        #expect(parts.map(\.identity.part) == [0, 1])
        #expect(parts.map(\.businessKey) == ["shipment:N/S/shipped", "shipment:N/S/shipped shop/2"])
        let reports = Self.reports(parts)
        #expect(reports.map(\.orderNumber) == ["shop/1", "shop/2"])
        #expect(
            reports.map(\.lines) == [[LineQuantity(line: 3, quantity: 1)], [LineQuantity(line: 1, quantity: 3)]])
    }

    @Test("without lines it is about all of them; of others alone the one that leads hears that it was said")
    func whole() throws {
        let orders = ["shop/1", "shop/2"]
        let accepted = try Self.message("fulfilment.accepted.v1", #""requestId":"shop/1-M1.1""#)
        #expect(Self.reports(accepted.parts(for: orders)).map(\.fulfilment) == ["shop/1-M1", "shop/1-M1"])
        let short = try Self.message(
            "fulfilment.short.v1",
            #""requestId":"shop/1-M1.1","lines":[{"orderNumber":"shop/2","line":1,"quantity":2}]"#)
        #expect(Self.reports(short.parts(for: orders)).map(\.isOfOthers) == [true, false])
    }

    @Test("a parcel that left is known by its shipment, and a line of another order is refused where one order travels")
    func odd() throws {
        let delivered = try Self.message("fulfilment.delivered.v1", #""fulfilmentId":"shop/1-M1","shipment":"S""#)
        #expect(delivered.payload.orderNumbers == [])
        let other =
            #""fulfilmentId":"shop/1-F1","shipment":"S","lines":[{"orderNumber":"shop/2","line":1,"quantity":2}]"#
        #expect(Decoding.failure("fulfilment.shipped.v1", "{\(other),\(Self.time)}")?.path == "lines[0].orderNumber")
    }

    @Test("the warehouse is told whose each line is, and what is collected for each")
    func requested() {
        var request = EventFixtures.fulfilmentRequest
        request.fulfilment.travelsIn = "shop/1001-M1"
        let line = FulfilmentLine(key: .init("shop/1002-F1", 4), sku: "CUP", quantity: 1)
        request.others = [.init(orderNumber: "shop/1002", lines: [line], collect: 500, remark: nil)]
        let text = String(
            decoding: EventEncoder.data(of: EventFixtures.event(.fulfilmentRequested(request))), as: UTF8.self)
        #expect(text.contains(#""fulfilmentId":"shop/1001-M1""#))
        #expect(text.contains(#"{"orderNumber":"shop/1002","line":4,"sku":"CUP","quantity":1}"#))
        #expect(text.contains(#""collectMinor":40500"#))
        #expect(text.contains(#"{"orderNumber":"shop/1002","collectMinor":500}"#))
    }
}
