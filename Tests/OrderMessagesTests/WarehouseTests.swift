import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("What warehouses and carriers report is read exactly")
struct WarehouseTests {
    private static let time = #""occurredAt":"2026-11-21T01:30:00Z""#

    private static func report(_ type: String, _ fields: String) throws -> (FulfilmentReport, String?) {
        let message = try #require(Decoding.messages(type, "{\(fields),\(time)}").first)
        guard case .fulfilment(let report) = message.payload else { throw Unexpected() }
        return (report, message.businessKey)
    }

    private struct Unexpected: Error {}

    @Test("a parcel is known by warehouse and shipment, and its order by our fulfilment's id")
    func shipped() throws {
        let (report, key) = try Self.report(
            "fulfilment.shipped.v1",
            #""fulfilmentId":"shop/1-F2","warehouse":"SH1","shipment":"S/9","carrier":"sf","trackingNumber":"T","weightGrams":1250,"freightMinor":900,"lines":[{"line":1,"quantity":2},{"line":2,"quantity":1},{"line":1,"quantity":3}]"#
        )
        #expect(report.orderNumber == "shop/1")
        #expect(report.fulfilment == "shop/1-F2")
        #expect(report.lines == [.init(line: 1, quantity: 5), .init(line: 2, quantity: 1)])
        #expect(!report.isCumulative)
        #expect(report.trackingNumber == "T")
        #expect(report.weight == 1_250)
        #expect(report.freight == 900)
        #expect(key == "shipment:SH1/S%2F9/shipped")
    }

    @Test("totals are told from parcels, and may be zero")
    func cumulative() throws {
        let fields =
            #""orderNumber":"shop/1","warehouse":"SH1","shipment":"S","quantities":"cumulative","lines":[{"line":1,"quantity":0}]"#
        #expect(try Self.report("fulfilment.shipped.v1", fields).0.isCumulative)
    }

    @Test(
        "every kind has the business key of the contract",
        arguments: [
            (
                "fulfilment.accepted.v1", #""fulfilmentId":"shop/1-F1","warehouse":"W","requestId":"shop/1-F1.1""#,
                "fulfilment:W/shop%2F1-F1/accepted/shop%2F1-F1.1"
            ),
            ("fulfilment.packed.v1", #""requestId":"shop/1-F1.1""#, "fulfilment:/shop%2F1-F1/packed/shop%2F1-F1.1"),
            ("fulfilment.picking.v1", #""orderNumber":"shop/1","warehouse":"W""#, "fulfilment:W/shop%2F1/picking/"),
            (
                "fulfilment.short.v1", #""fulfilmentId":"shop/1-F1","warehouse":"W","document":"D%1""#,
                "fulfilment:W/shop%2F1-F1/short/D%251"
            ),
            (
                "fulfilment.cancel_refused.v1", #""fulfilmentId":"shop/1-F1","requestId":"r""#,
                "fulfilment:/shop%2F1-F1/cancel_refused/r"
            ),
            (
                "fulfilment.amended.v1", #""requestId":"shop/1-F1.2","warehouse":"W""#,
                "fulfilment:W/shop%2F1-F1/amended/shop%2F1-F1.2"
            ),
            (
                "fulfilment.amend_refused.v1", #""fulfilmentId":"shop/1-F1","document":"D""#,
                "fulfilment:/shop%2F1-F1/amend_refused/D"
            ),
            ("fulfilment.delivered.v1", #""shipment":"S""#, "shipment:/S/delivered"),
            ("fulfilment.lost.v1", #""shipment":"S","warehouse":"W""#, "shipment:W/S/lost"),
            ("fulfilment.returned_to_sender.v1", #""shipment":"S""#, "shipment:/S/returned_to_sender"),
            ("fulfilment.shipped.v1", #""shipment":"S","fulfilmentId":"shop/1-F1""#, "shipment:/shop%2F1-F1/S/shipped"),
        ])
    func keys(_ type: String, _ fields: String, _ key: String) throws {
        #expect(try Self.report(type, fields).1 == key)
    }

    @Test(
        "what is wrong is told with its path",
        arguments: [
            ("fulfilment.shipped.v1", #""fulfilmentId":"shop/1-F1""#, "shipment: expected a text, got nothing"),
            (
                "fulfilment.shipped.v1", #""shipment":"S""#,
                "fulfilmentId: expected our fulfilmentId, or orderNumber and warehouse, got nothing"
            ),
            (
                "fulfilment.accepted.v1", #""orderNumber":"shop/1""#,
                "warehouse: expected a text, where fulfilmentId is absent, got nothing"
            ),
            (
                "fulfilment.cancelled.v1", #""fulfilmentId":"shop/1-F1""#,
                "requestId: expected our requestId or a document, got nothing"
            ),
            (
                "fulfilment.shipped.v1", #""shipment":"S","fulfilmentId":"f","lines":[{"line":1,"quantity":0}]"#,
                "lines[0].quantity: expected an integer from 1 to 1000000, got 0"
            ),
            (
                "fulfilment.shipped.v1", #""shipment":"S","fulfilmentId":"f","lines":[1]"#,
                "lines[0]: expected an object, got a number"
            ),
            (
                "fulfilment.shipped.v1", #""shipment":"S","fulfilmentId":"f","quantities":"all""#,
                #"quantities: expected one of this_parcel, cumulative, got "all""#
            ),
            ("tracking.checkpoint.v1", #""shipment":"S""#, "code: expected a text, got nothing"),
            (
                "stock.counted.v1", #""document":"D","warehouse":"W","lines":[{"line":1,"sku":"A","quantity":1}]"#,
                "countedAt: expected a time as of RFC 3339 with an offset, got nothing"
            ),
            (
                "stock.received.v1", #""document":"D","warehouse":"W","lines":[]"#,
                "lines: expected a list of at least one line, got nothing"
            ),
            (
                "stock.received.v1", #""document":"D","lines":[{"line":1,"sku":"A","quantity":1}]"#,
                "lines[0].warehouse: expected a text, in the line or beside the lines, got nothing"
            ),
            (
                "stock.received.v1", #""document":"D","warehouse":"W","lines":[{"line":1,"sku":"A","quantity":-1}]"#,
                "lines[0].quantity: expected an integer from 1 to 1000000, got -1"
            ),
            (
                "stock.adjusted.v1",
                #""document":"D","warehouse":"W","lines":[{"line":1,"sku":"A","quantity":1},{"line":1,"sku":"B","quantity":1}]"#,
                "lines[1].line: line 1 is given twice"
            ),
            (
                "production.done.v1", #""orderNumber":"shop/1","line":1,"quantity":1,"warehouse":"W","document":"D""#,
                "productionOrder: expected a text, or our requestId, got nothing"
            ),
        ])
    func wrong(_ type: String, _ fields: String, _ complaint: String) {
        #expect(Decoding.complaint(type, "{\(fields),\(Self.time)}") == complaint)
    }

    @Test("a stock document becomes a part for each line, known by warehouse, document and line")
    func stock() throws {
        let data =
            #"{"document":"D/1","warehouse":"W","countedAt":"2026-11-21T01:30:00Z","lines":[{"line":1,"sku":"A","quantity":0,"safety":2},{"line":2,"sku":"B","quantity":7,"warehouse":"V","lowThreshold":3}]}"#
        let messages = try Decoding.messages("stock.counted.v1", data)
        #expect(messages.map(\.businessKey) == ["stock:W/D%2F1/1", "stock:V/D%2F1/2"])
        #expect(messages.map(\.identity.part) == [0, 1])
        let reports = messages.compactMap { message in
            if case .stock(let report) = message.payload { report } else { nil }
        }
        #expect(reports.map(\.key) == [.init(sku: "A", warehouse: "W"), .init(sku: "B", warehouse: "V")])
        #expect(reports.map(\.quantity) == [0, 7])
        #expect(reports.map(\.document) == ["D/1/1", "D/1/2"])
        #expect(reports.map(\.safety) == [2, nil])
        #expect(reports.map(\.lowThreshold) == [nil, 3])
        #expect(reports.allSatisfy { $0.occurredAt == EventFixtures.time })
    }

    @Test("a checkpoint is known by shipment, time and code")
    func tracking() throws {
        let data = #"{"shipment":"S","code":"in","text":"t","place":"p","occurredAt":"2026-11-21T09:30:00.5+08:00"}"#
        let message = try Decoding.messages("tracking.checkpoint.v1", data).first
        #expect(message?.businessKey == "tracking:/S/2026-11-21T01:30:00.500Z/in")
    }

    @Test("production is known by its order and document; our request names the order")
    func production() throws {
        let data = #"{"requestId":"shop/1-P1","line":1,"quantity":2,"warehouse":"W","document":"D",\#(Self.time)}"#
        let message = try Decoding.messages("production.done.v1", data).first
        #expect(message?.businessKey == "production:shop%2F1-P1/D")
        guard case .productionDone(let done)? = message?.payload else { throw Unexpected() }
        #expect(done.orderNumber == "shop/1")
        #expect(done.quantity == 2)
    }
}
