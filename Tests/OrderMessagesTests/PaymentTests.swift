import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("What gateways report is read exactly")
struct PaymentTests {
    private static let rest = #""gateway":"alipay","currency":"CNY","occurredAt":"2026-11-21T01:30:00Z""#

    private static func report(_ message: Message?) -> PaymentReport? {
        if case .payment(let report)? = message?.payload { report } else { nil }
    }

    @Test("a capture has the business key of the contract")
    func capture() throws {
        let data = #"{"orderNumber":"shop/1","transactionId":"tx1","operationId":"op1","amountMinor":5,\#(Self.rest)}"#
        let messages = try Decoding.messages("payment.captured.v1", data)
        #expect(messages.map(\.businessKey) == ["payment:alipay/tx1/captured/op1"])
        let report = try #require(Self.report(messages.first))
        #expect(report.key == .init(gateway: "alipay", transaction: "tx1", kind: .captured, reference: "op1"))
        #expect(report.amount == 5)
        #expect(!report.isCumulative)
        #expect(report.occurredAt == EventFixtures.time)
    }

    @Test("a callback that names several orders becomes a part for each")
    func several() throws {
        let orders = #"[{"orderNumber":"shop/1","amountMinor":5},{"orderNumber":"shop/2","amountMinor":6}]"#
        let data = #"{"orders":\#(orders),"transactionId":"tx1","operationId":"op1",\#(Self.rest)}"#
        let messages = try Decoding.messages("payment.captured.v1", data)
        #expect(messages.map(\.identity.part) == [0, 1])
        #expect(messages.compactMap(Self.report).map(\.orderNumber) == ["shop/1", "shop/2"])
        #expect(messages.compactMap(Self.report).map(\.amount) == [5, 6])
        #expect(
            messages.map(\.businessKey) == [
                "payment:alipay/tx1/captured/op1/shop%2F1", "payment:alipay/tx1/captured/op1/shop%2F2",
            ])
        let twice = data.replacing("shop/2", with: "shop/1")
        #expect(Decoding.complaint("payment.captured.v1", twice) == #"orders[1].orderNumber: "shop/1" is given twice"#)
    }

    @Test("an answer that names only our request is of the request's order")
    func answer() throws {
        let data =
            #"{"transactionId":"tx1","requestId":"shop/1-R2","amount":"cumulative","amountMinor":5,\#(Self.rest)}"#
        let message = try Decoding.messages("payment.refunded.v1", data).first
        let report = try #require(Self.report(message))
        #expect(report.orderNumber == "shop/1")
        #expect(report.requestID == "shop/1-R2")
        #expect(report.key.reference == "shop/1-R2")
        #expect(report.isCumulative)
        #expect(message?.businessKey == "payment:alipay/tx1/refunded/shop%2F1-R2")
    }

    @Test("a failure need not say how much; a refund and a case have references of their own")
    func references() throws {
        let failed = #"{"orderNumber":"shop/1","transactionId":"t","operationId":"o",\#(Self.rest)}"#
        #expect(try Self.report(Decoding.messages("payment.failed.v1", failed).first)?.amount == 0)
        let refund = #"{"orderNumber":"shop/1","transactionId":"t","refundId":"r","amountMinor":1,\#(Self.rest)}"#
        #expect(
            try Decoding.messages("payment.refunded.v1", refund).first?.businessKey == "payment:alipay/t/refunded/r")
        let won = #"{"orderNumber":"shop/1","transactionId":"t","caseId":"c","amountMinor":1,\#(Self.rest)}"#
        #expect(
            try Decoding.messages("payment.charge_back_won.v1", won).first?.businessKey
                == "payment:alipay/t/charge_back_won/c")
    }

    @Test(
        "what is wrong is told with its path",
        arguments: [
            (
                #""transactionId":"t","operationId":"o","amountMinor":1"#,
                "orderNumber: expected an order number, or orders, or a requestId of ours, got nothing"
            ),
            (
                #""orderNumber":"shop/1","operationId":"o","amountMinor":1"#,
                "transactionId: expected a text, got nothing"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","amountMinor":1"#,
                "operationId: expected the gateway's reference, got nothing"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o""#,
                "amountMinor: expected an integer from 0 on, got nothing"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":"5""#,
                #"amountMinor: expected an integer from 0 on, got "5""#
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":-5"#,
                "amountMinor: expected an integer from 0 to 1000000000000000, got -5"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":9223372036854775808"#,
                "amountMinor: expected an integer from 0 to 1000000000000000, got 9223372036854775808"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":5.00"#,
                "amountMinor: expected an integer from 0 on, got 5.00"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":5,"amountMinor":5"#,
                "amountMinor: is given twice"
            ),
            (
                #""orderNumber":"shop/1","transactionId":"t","operationId":"o","amountMinor":5,"x":"\udc00""#,
                #"x: expected a text, got a text with \u0000 or half a surrogate pair"#
            ),
            (
                #""orders":[{"orderNumber":"shop/1"}],"transactionId":"t","operationId":"o""#,
                "orders[0].amountMinor: expected an integer from 0 on, got nothing"
            ),
        ])
    func wrong(_ fields: String, _ complaint: String) {
        #expect(Decoding.complaint("payment.captured.v1", "{\(fields),\(Self.rest)}") == complaint)
    }
}
