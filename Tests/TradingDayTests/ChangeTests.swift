import OrderCore
import OrderMessages
import Testing
import TradingDay

@Suite("Changes to what a warehouse has")
struct ChangeTests {
    private static let day = TradingDay(
        TradingDay.Settings(start: Moment(seconds: 1_790_000_000), staffUser: "console"))
    private let now = Moment(seconds: 1_790_000_000)
    private var world = OutsideWorld(Self.day)

    /// Hears a request about a fulfilment, of so many units a line.
    private mutating func hear(
        _ type: String, _ number: Int64, request: Int64? = nil, _ fulfilment: String, of order: String,
        _ units: [(order: String, line: Int64, quantity: Int64)]
    ) -> [OutsideWorld.Answer] {
        let event: JSON = [
            "specversion": "1.0", "id": .text("\(fulfilment) \(number)"), "type": .text(type + ".v1"),
            "subject": .text(fulfilment), "sequence": .text("0000000000000000000\(number)"),
            "data": [
                "orderNumber": .text(order), "fulfilmentId": .text(fulfilment),
                "requestId": .text("\(fulfilment).\(request ?? number)"), "warehouse": "east",
                "lines": .list(
                    units.map {
                        [
                            "orderNumber": .text($0.order), "line": .number($0.line), "sku": "SKU-1001",
                            "quantity": .number($0.quantity),
                        ]
                    }),
            ],
        ]
        return world.hear(event.bytes, from: "wms.fulfilments", at: now)
    }

    /// An order whose warehouse agrees to changes, or refuses them.
    private func order(_ story: Story, agrees: Bool = true) throws -> PlannedOrder {
        try #require(
            Self.day.book.orders.first { $0.story == story && ($0.luck % 6 != 0) == agrees && $0.companion == nil })
    }

    private func pair(_ story: Story) throws -> (first: PlannedOrder, second: PlannedOrder) {
        let first = try #require(
            Self.day.book.orders.first { $0.story == story && $0.companion != nil && $0.luck % 6 != 0 })
        return (first, try #require(Self.day.book.orders.first { $0.number == first.companion }))
    }

    private func reports(_ messages: [OutsideMessage]) throws -> [FulfilmentReport] {
        try messages.compactMap { message in
            let payload = try #require(try message.decoded.result.get().first).payload
            guard case .fulfilment(let report) = payload else { return nil }
            return report
        }
    }

    /// What is sent of these answers, in the order of their time.
    private mutating func sent(_ answers: [OutsideWorld.Answer]) throws -> [FulfilmentReport] {
        var messages: [OutsideMessage] = []
        for answer in answers.sorted(by: { $0.after < $1.after }) {
            if let message = world.send(answer) { messages.append(message) }
        }
        return try reports(messages)
    }

    @Test("a warehouse that agrees ships what the wish says, and nothing of what was asked for before")
    mutating func agrees() throws {
        let number = try order(.fewerUnits).number
        let before = hear("fulfilment.requested", 1, "\(number)-F1", of: number, [(number, 1, 3), (number, 2, 1)])
        let after = hear("fulfilment.amend_requested", 2, "\(number)-F1", of: number, [(number, 1, 2), (number, 2, 1)])
        let sent = try sent(before + after)
        let answer = try #require(sent.first { $0.kind == .amended })
        #expect(answer.requestID == "\(number)-F1.2")
        let shipped = sent.filter { $0.kind == .shipped }
        #expect(shipped.map(\.lines) == [[.init(line: 1, quantity: 2), .init(line: 2, quantity: 1)]])
        #expect(sent.count { $0.kind == .delivered } == 1)
    }

    @Test("a warehouse that refuses ships what it was asked for before")
    mutating func refuses() throws {
        let number = try order(.fewerUnits, agrees: false).number
        let before = hear("fulfilment.requested", 1, "\(number)-F1", of: number, [(number, 1, 3)])
        let after = hear("fulfilment.amend_requested", 2, "\(number)-F1", of: number, [(number, 1, 2)])
        let sent = try sent(before + after)
        #expect(sent.contains { $0.kind == .amendRefused && $0.requestID == "\(number)-F1.2" })
        #expect(sent.filter { $0.kind == .shipped }.map(\.lines) == [[.init(line: 1, quantity: 3)]])
    }

    @Test("what has left is not changed any more; asked again, a warehouse says what it said before")
    mutating func left() throws {
        let number = try order(.fewerUnits).number
        let work = hear("fulfilment.requested", 1, "\(number)-F1", of: number, [(number, 1, 3)])
        let agreed = hear("fulfilment.amend_requested", 2, "\(number)-F1", of: number, [(number, 1, 2)])
        _ = try sent(work + agreed)
        let again = hear("fulfilment.amend_requested", 3, "\(number)-F1", of: number, [(number, 1, 1)])
        #expect(try reports(again.map(\.message)).map(\.kind) == [.amendRefused])

        let other = try order(.otherReceiver).number
        let first = hear("fulfilment.amend_requested", 1, "\(other)-F1", of: other, [(other, 1, 2)])
        _ = try sent(first)
        let repeated = hear(
            "fulfilment.amend_requested", 2, request: 1, "\(other)-F1", of: other, [(other, 1, 2)])
        #expect(try reports(repeated.map(\.message)).map(\.kind) == [.amended])
    }

    @Test("of a parcel of two orders each line says whose it is, and who is taken out of it does not leave with it")
    mutating func shared() throws {
        let (first, second) = try pair(.outOfParcel)
        let parcel = "\(first.number)-M1"
        let asked = hear(
            "fulfilment.requested", 1, parcel, of: first.number, [(first.number, 1, 2), (second.number, 1, 1)])
        let commands = try asked.compactMap { answer -> StaffCommand? in
            guard case .command(let command) = try #require(try answer.message.decoded.result.get().first).payload
            else { return nil }
            return command
        }
        #expect(commands.map(\.action) == [.unmerge])
        let changed = hear("fulfilment.amend_requested", 2, parcel, of: first.number, [(first.number, 1, 2)])
        let sent = try sent(asked + changed)
        let shipped = try #require(sent.first { $0.kind == .shipped })
        #expect(shipped.fulfilment == parcel)
        #expect(shipped.orderNumber == first.number)
        #expect(shipped.lines == [.init(line: 1, quantity: 2)])
        #expect(sent.count { $0.kind == .shipped } == 1)
        // Whoever travels in it hears of its journey.
        #expect(sent.filter { $0.kind == .delivered }.map(\.orderNumber) == [nil])
    }

    @Test("a whole parcel of two orders ships the lines of each")
    mutating func together() throws {
        let (first, second) = try pair(.oneParcel)
        let parcel = "\(first.number)-M1"
        let asked = hear(
            "fulfilment.requested", 1, parcel, of: first.number, [(first.number, 1, 2), (second.number, 1, 1)])
        let shipped = try #require(try sent(asked).first { $0.kind == .shipped })
        #expect(shipped.lines == [.init(line: 1, quantity: 2)])
        #expect(shipped.others == [OrderLines(orderNumber: second.number, lines: [.init(line: 1, quantity: 1)])])
    }

    @Test("who asks for one parcel orders twice, in one shop, for one receiver, and not the same")
    func pairs() throws {
        let orders = Self.day.book.orders
        let byNumber = Dictionary(uniqueKeysWithValues: orders.map { ($0.number, $0) })
        let pairs = orders.filter { $0.companion != nil }
        #expect(pairs.count > 20)
        for order in pairs {
            let other = try #require(order.companion.flatMap { byNumber[$0] })
            #expect(other.companion == order.number)
            #expect((other.seller, other.buyer, other.term) == (order.seller, order.buyer, order.term))
            #expect(other.home == order.home)
            #expect(order.remark?.contains("合并") == true)
            #expect(other.lines.map(\.article.sku) != order.lines.map(\.article.sku))
            #expect(abs(other.placedAt - order.placedAt) < 1_000)
        }
    }

    @Test("staff put two orders together once both are paid, and take a unit off where no warehouse has it yet")
    mutating func staff() throws {
        func event(_ type: String, _ order: PlannedOrder) -> [UInt8] {
            let event: JSON = [
                "specversion": "1.0", "id": .text("\(order.number) \(type)"), "type": .text(type),
                "subject": .text(order.number), "sequence": "00000000000000000001",
                "data": ["orderNumber": .text(order.number)],
            ]
            return event.bytes
        }
        func action(_ answer: OutsideWorld.Answer) throws -> StaffCommand.Action? {
            guard case .command(let command) = try #require(try answer.message.decoded.result.get().first).payload
            else { return nil }
            return command.action
        }
        let (first, second) = try pair(.oneParcelByStaff)
        let alone = world.hear(event("order.paid.v1", first), from: "storefront.updates", at: now)
        #expect(alone.isEmpty)
        let merge = try world.hear(event("order.paid.v1", second), from: "storefront.updates", at: now).map(action)
        #expect(merge == [.merge(with: [first.number])])
        let early = try order(.fewerUnitsEarly)
        let fewer = try world.hear(event("order.accepted.v1", early), from: "storefront.updates", at: now).map(action)
        #expect(fewer == [.cancelLines([LineQuantity(line: 1, quantity: 1)])])
        #expect(early.lines[0].quantity > 1)
    }
}
