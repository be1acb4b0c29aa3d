import AMQP
import OrderCore
import OrderMessages
import Testing
import TradingDay

@Suite("The day")
struct TradingDayTests {
    private static func day(seed: UInt64 = 1, orders: Int = 2_000) -> TradingDay {
        var settings = TradingDay.Settings(start: Moment(seconds: 1_790_000_000), staffUser: "console")
        settings.seed = seed
        settings.orders = orders
        return TradingDay(settings)
    }

    private static let today = day()

    private static func messages(_ day: TradingDay) -> [OutsideMessage] {
        day.reference + day.stock + day.script.entries.map(\.message)
    }

    @Test("the same seed gives the same bytes, another seed another day")
    func seeded() {
        let first = Self.messages(Self.day())
        #expect(first == Self.messages(Self.day()))
        #expect(first != Self.messages(Self.day(seed: 2)))
    }

    @Test("every message but the rubbish can be read", arguments: [1, 7, 42] as [UInt64])
    func readable(seed: UInt64) {
        let day = Self.day(seed: seed)
        let rubbish = Set(Rubbish.messages(seed: seed, start: day.settings.start).map(\.body))
        for message in Self.messages(day) where !rubbish.contains(message.body) {
            if case .failure(let failure) = message.decoded.result {
                Issue.record("\(message.routingKey) \(message.properties.messageID ?? "?"): \(failure.text)")
            }
        }
    }

    @Test("rubbish fails as it is meant to, each for its own reason")
    func rubbish() {
        var met: Set<DecodeFailure.Code> = []
        for message in Rubbish.messages(seed: 1, start: Moment(seconds: 1_790_000_000)) {
            guard case .failure(let failure) = message.decoded.result else {
                Issue.record("can be read: \(String(decoding: message.body.prefix(80), as: UTF8.self))")
                continue
            }
            met.insert(failure.code)
        }
        #expect(
            met == [
                .notJSON, .notUTF8, .malformed, .missingIdentity, .unknownType, .unknownVersion, .wrongQueue, .tooLarge,
            ])
    }

    @Test("an order says what its buyer pays, but where its story is that it does not")
    func sums() {
        for order in Self.today.book.orders where !order.story.isInvalid {
            #expect(order.goods - order.discount + order.shipping == order.payable)
            #expect(order.payable > 0)
            #expect(!order.lines.isEmpty)
        }
    }

    @Test("a day of two thousand orders has every story in it")
    func stories() {
        let met = Set(Self.today.book.orders.map(\.story))
        #expect(met == Set(Story.allCases))
    }

    @Test("an order with a quantity beyond all bounds is still an order, with its defect told")
    func defects() throws {
        let day = Self.today
        let number = try #require(day.book.orders.first { $0.story == .absurdQuantity }?.number)
        let message = try #require(day.script.entries.first { $0.message.properties.messageID == "\(number)-placed" })
        guard case .success(let parts) = message.message.decoded.result,
            case .orderPlaced(let placed) = try #require(parts.first).payload
        else {
            Issue.record("it was not read as an order")
            return
        }
        #expect(placed.defects.contains { $0.path == "lines[0].quantity" })
    }
}
