import OrderCore
import OrderMessages
import Testing
import TradingDay

@Suite("The outside world")
struct OutsideWorldTests {
    private static let day = TradingDay(
        TradingDay.Settings(start: Moment(seconds: 1_790_000_000), staffUser: "console"))
    private let now = Moment(seconds: 1_790_000_000)

    private func event(_ type: String, number: Int64, _ order: PlannedOrder, _ more: [(String, JSON)]) -> [UInt8] {
        let data = [("orderNumber", JSON.text(order.number))] + more
        let event: JSON = [
            "specversion": "1.0", "id": .text("\(type)-\(number)"), "type": .text(type + ".v1"),
            "subject": .text(order.number + "-F1"), "sequence": .text("0000000000000000000\(number)"),
            "data": .object(data),
        ]
        return event.bytes
    }

    private func request(_ order: PlannedOrder, number: Int64 = 1) -> [UInt8] {
        event(
            "fulfilment.requested", number: number, order,
            [
                ("fulfilmentId", .text(order.number + "-F1")), ("requestId", .text(order.number + "-F1.1")),
                ("warehouse", "east"), ("lines", [["line": 1, "sku": "SKU-1001", "quantity": 2]]),
            ])
    }

    private func order(_ story: Story) throws -> PlannedOrder {
        try #require(Self.day.book.orders.first { $0.story == story })
    }

    private func decoded(_ message: OutsideMessage) throws -> Payload {
        try #require(try message.decoded.result.get().first).payload
    }

    @Test("a warehouse accepts, picks, packs, ships and delivers, and all of it can be read")
    func ordinary() throws {
        var world = OutsideWorld(Self.day)
        let answers = world.hear(request(try order(.ordinary)), from: "wms.fulfilments", at: now)
        var kinds: [FulfilmentReport.Kind] = []
        for answer in answers.sorted(by: { $0.after < $1.after }) {
            guard case .fulfilment(let report) = try decoded(answer.message) else { continue }
            kinds.append(report.kind)
        }
        #expect(kinds == [.accepted, .picking, .packed, .shipped, .delivered])
    }

    @Test("every story's answers can be read", arguments: Story.allCases)
    func readable(story: Story) throws {
        var world = OutsideWorld(Self.day)
        for answer in world.hear(request(try order(story)), from: "wms.fulfilments", at: now) {
            _ = try decoded(answer.message)
        }
    }

    @Test("a warehouse that has agreed to stop does not ship")
    func stopped() throws {
        var world = OutsideWorld(Self.day)
        let order = try order(.ordinary)
        let answers = world.hear(request(order), from: "wms.fulfilments", at: now)
        let stop = event(
            "fulfilment.cancel_requested", number: 2, order,
            [
                ("fulfilmentId", .text(order.number + "-F1")), ("requestId", .text(order.number + "-F1.2")),
                ("warehouse", "east"),
            ])
        let agreed = world.hear(stop, from: "wms.fulfilments", at: now)
        guard case .fulfilment(let report) = try decoded(try #require(agreed.first).message) else {
            Issue.record("no report")
            return
        }
        #expect(report.kind == .cancelled)
        let sent = answers.compactMap { world.send($0) }
        #expect(sent.count == answers.count { $0.after < 400 })
    }

    @Test("staff let go what a rule would have somebody look at, unless it was closed before they came")
    func review() throws {
        var world = OutsideWorld(Self.day)
        let orders = Self.day.book.orders.filter { $0.luck < 60 }
        let order = try #require(orders.first)
        let hold = [("hold", JSON.object([("reason", "high_value")]))]
        let answer = try #require(
            world.hear(event("hold.opened", number: 1, order, hold), from: "ops.alerts", at: now).first)
        guard case .command(let command) = try decoded(answer.message) else {
            Issue.record("no command")
            return
        }
        #expect(command.action == .release(.highValue))
        _ = world.hear(event("hold.closed", number: 2, order, hold), from: "ops.alerts", at: now)
        #expect(world.send(answer) == nil)
        _ = world.hear(event("hold.opened", number: 3, order, hold), from: "ops.alerts", at: now)
        #expect(world.send(answer) != nil)
    }

    @Test("receivers that rules name are listened to, each at a queue of its own")
    func named() {
        var settings = Self.day.settings
        settings.namedReceivers = ["crm", "wms", "partner"]
        #expect(OutsideWorld(TradingDay(settings)).queues.suffix(2) == ["ops.alerts", "crm.events"])
    }

    @Test("an event that comes again is answered once, and a gap in the numbers is noticed")
    func books() throws {
        var world = OutsideWorld(Self.day)
        let order = try order(.ordinary)
        #expect(!world.hear(request(order), from: "wms.fulfilments", at: now).isEmpty)
        #expect(world.hear(request(order), from: "wms.fulfilments", at: now).isEmpty)
        _ = world.hear(request(order, number: 3), from: "wms.fulfilments", at: now)
        let books = try #require(world.books["wms.fulfilments"])
        #expect((books.heard, books.repeats, books.gaps) == (2, 1, 1))
    }

    @Test("a refund that is asked for is answered by its gateway under the request's id")
    func refund() throws {
        var world = OutsideWorld(Self.day)
        let order = try order(.paidTwice)
        let asked = event(
            "refund.requested", number: 1, order,
            [
                ("requestId", .text(order.number + "-R1")), ("gateway", "alipay"), ("transactionId", "T1"),
                ("amountMinor", 100), ("currency", "CNY"), ("try", 1),
            ])
        let answer = try #require(world.hear(asked, from: "payments.requests", at: now).first)
        guard case .payment(let report) = try decoded(answer.message) else {
            Issue.record("no payment")
            return
        }
        #expect(report.requestID == order.number + "-R1")
        #expect(report.amount == 100)
    }
}
