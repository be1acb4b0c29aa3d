import Glibc
import OrderCore
import OrderImport
import OrderMessages
import Testing

/// Real orders, where `ORDERFLOW_SHARED` names a folder that has them.
enum RealOrders {
    static let folder = getenv("ORDERFLOW_SHARED").map { String(cString: $0) + "/data/olist" }
}

@Suite("The real orders", .enabled(if: RealOrders.folder != nil, "ORDERFLOW_SHARED is not set"))
struct OlistTests {
    private static let queues = [
        "order.internal": "orders.internal", "payment.callback": "payments.callbacks",
        "warehouse.callback": "warehouse.callbacks", "order.command": "orders.commands",
        "reference.update": "reference.updates",
    ]

    private func run() throws -> (messages: [ImportMessage], run: ImportRun) {
        let mapping = try Mapping(path: Checkout.path("config/imports/olist.yaml"))
        var run = try ImportRun(mapping, paths: [#require(RealOrders.folder)])
        var messages: [ImportMessage] = []
        while let message = run.next() { messages.append(message) }
        return (messages, run)
    }

    private func decode(_ message: ImportMessage) throws -> [Message] {
        let raw = try RawMessage(
            queue: #require(Self.queues[message.routingKey]), body: message.body,
            contentType: ImportMessage.contentType)
        return try MessageDecoder().decode(raw, receivedAt: Timestamp(microseconds: 0), sender: .system).result.get()
    }

    @Test("become messages, a known number of each type, and no row is left over")
    func counts() throws {
        let (messages, run) = try run()
        var counts: [String: Int] = [:]
        for message in messages { counts[message.type, default: 0] += 1 }
        #expect(
            counts == [
                "warehouse.updated.v1": 501, "product.updated.v1": 867, "channel.updated.v1": 1,
                "stock.received.v1": 867, "order.placed.v1": 1_003, "payment.captured.v1": 1_123,
                "payment.authorized.v1": 21, "fulfilment.shipped.v1": 810, "fulfilment.delivered.v1": 660,
                "order.cancel.v1": 82,
            ])
        #expect(run.refusals.isEmpty)
        #expect(run.unusedRows().isEmpty)
        #expect(Set(messages.map(\.id)).count == messages.count)
    }

    @Test("are all read by the worker's decoder, and add up to the files' sums")
    func sums() throws {
        var orders = 0
        var withoutLines = 0
        var lines = 0
        var goods: Int64 = 0
        var shipping: Int64 = 0
        var payments: Int64 = 0
        for message in try run().messages {
            for part in try decode(message) {
                switch part.payload {
                case .orderPlaced(let placed):
                    #expect(placed.defects.isEmpty)
                    #expect(placed.receiver.missingFields.isEmpty)
                    orders += 1
                    withoutLines += placed.lines.isEmpty ? 1 : 0
                    lines += placed.lines.count
                    let sum = placed.lines.reduce(0) { $0 + $1.quantity * $1.unitPrice }
                    #expect(placed.claimedGoods == sum)
                    #expect(placed.claimedPayable == sum + placed.claimed.shipping)
                    goods += sum
                    shipping += placed.claimed.shipping
                case .payment(let payment): payments += payment.amount
                default: break
                }
            }
        }
        #expect(orders == 1_003)
        #expect(withoutLines == 97)
        #expect(lines == 1_023)
        #expect(goods == 14_323_315)
        #expect(shipping == 2_067_444)
        #expect(payments == 17_847_424)
        let totals = try run().run.totals().map { "\($0.name) \($0.value) \($0.faulty)" }
        #expect(totals == ["goodsMinor 14323315 0", "shippingMinor 2067444 0", "paymentsMinor 17847424 0"])
    }

    @Test("give reference data and stock first, then stage by stage what happened, in order of time")
    func order() throws {
        let messages = try run().messages
        #expect(
            messages.map(\.stage).reduce(into: []) { if $0.last != $1 { $0.append($1) } } == [
                "reference", "stock", "orders", "payments", "hand-over", "delivery", "endings",
            ])
        var last: [String: Timestamp] = [:]
        for message in messages {
            for part in try decode(message) {
                let time: Timestamp
                switch part.payload {
                case .orderPlaced(let placed): time = placed.placedAt
                case .payment(let payment): time = payment.occurredAt
                case .fulfilment(let report): time = report.occurredAt
                case .request(let request): time = request.occurredAt
                default: continue
                }
                #expect(time >= last[message.stage] ?? time)
                last[message.stage] = time
            }
        }
    }

    @Test("give the same messages in a second import")
    func deterministic() throws {
        #expect(try run().messages == run().messages)
    }
}
