internal import AMQP
internal import TradingDay

/// What a workload has beside the ordinary: messages that come twice, too early, or can't be read.
struct Disturbances {
    /// Messages that may come before what they wait for, by step and place.
    var canBeEarly: [(step: Int, place: Int)] = []

    /// Disturbs the steps from one on; `mark` makes ids its own. Gives the number of messages that can't be read.
    func apply(
        to steps: inout [Workload.Step], from first: Int, distance: Int, mark: Int, at now: Moment, _ seed: inout Seed
    ) -> Int {
        let count = steps[first...].reduce(0) { $0 + $1.messages.count }
        var early = canBeEarly.shuffled(using: &seed).prefix(count * Mix.earlyPerMille / 1_000)
        // From behind, so that places stay what they are.
        early.sort { $0.place > $1.place }
        for (step, place) in early {
            steps[step - distance].messages.append(steps[step].messages.remove(at: place))
        }
        for _ in 0..<(count * Mix.duplicatesPerMille / 1_000) {
            let step = Int.random(in: first..<steps.count, using: &seed)
            if let message = steps[step].messages.randomElement(using: &seed) { steps[step].messages.append(message) }
        }
        let invalid = count * Mix.invalidPerMille / 1_000
        for number in 0..<invalid {
            let step = Int.random(in: first..<steps.count, using: &seed)
            steps[step].messages.append(Self.unreadable(number, id: "unreadable-\(mark)-\(number)", at: now))
        }
        return invalid
    }

    /// Cut off, of no known type, or without what it must say.
    private static func unreadable(_ number: Int, id: String, at now: Moment) -> OutsideMessage {
        switch number % 3 {
        case 0:
            var message = Sender("storefront", .structured).message(
                "order.placed", id: id, to: "order.internal", at: now, ["orderNumber": .text("shop/\(id)")])
            message.body.removeLast(8)
            message.properties.messageID = id
            return message
        case 1:
            return Sender("wms-east", .structured).message(
                "fulfilment.teleported", id: id, to: "warehouse.callback", at: now, ["orderNumber": .text("shop/1")])
        default:
            return Sender("gateway-alipay", .structured).message(
                "payment.captured", id: id, to: "payment.callback", at: now, ["gateway": "alipay"])
        }
    }
}
