internal import TradingDay

/// The lifecycle mix: every order is placed, paid, accepted, shipped and delivered; what partners sold was paid before.
///
/// Orders come in waves. A wave's next stage follows three steps after the last, and the load never has more than two
/// steps in the queues: so the queues are never empty, and no message comes before its time.
struct Workload {
    /// What follows what.
    enum Stage: Int, CaseIterable {
        case placed, paid, accepted, shipped, delivered

        /// The event to the storefront that tells that the stage is done; being accepted is told to nobody.
        var sign: String? {
            switch self {
            case .placed: "storefront.order.accepted"
            case .paid: "storefront.order.paid"
            case .accepted: nil
            case .shipped: "storefront.order.shipped"
            case .delivered: "storefront.order.delivered"
            }
        }
    }

    /// A stage of a wave's orders, done as often as its event was seen.
    struct Sign: Hashable {
        var event: String
        var wave: Int
    }

    /// One load of the queues.
    struct Step {
        var messages: [OutsideMessage] = []
        /// How often each sign of each wave must have been seen when this step is done.
        var signs: [Sign: Int] = [:]
    }

    static let skus = 20_000
    static let price: Int64 = 4_990
    private static let waves = 12
    private static let stepsBetweenStages = 3

    let orders: Int
    let messages: Int
    let steps: [Step]
    private let waveOrders: Int

    /// Makes so many orders; all bodies are there when this returns.
    init(seed: UInt64, orders count: Int) {
        var seed = Seed(seed)
        let goods = Zipf(Self.skus)
        let now = Moment(seconds: 1_790_000_000)
        let waveOrders = max(1, (count + Self.waves - 1) / Self.waves)
        var steps = Array(
            repeating: Step(), count: Self.waves + (Stage.allCases.count - 1) * Self.stepsBetweenStages)
        for index in 0..<count {
            let order = LoadOrder(number: index, goods, &seed)
            for stage in Stage.allCases {
                guard let message = order.message(stage, at: now) else { continue }
                let wave = index / waveOrders
                let step = wave + stage.rawValue * Self.stepsBetweenStages
                steps[step].messages.append(message)
                if let event = stage.sign { steps[step].signs[Sign(event: event, wave: wave), default: 0] += 1 }
            }
        }
        for index in steps.indices { steps[index].messages.shuffle(using: &seed) }
        self.waveOrders = waveOrders
        self.steps = steps
        orders = count
        messages = steps.reduce(0) { $0 + $1.messages.count }
    }

    /// The wave of the order that an event is about, found without reading all of it.
    func wave(ofEvent body: [UInt8]) -> Int? {
        let mark = Array("\"subject\":\"".utf8)
        guard let start = body.indices.first(where: { body[$0...].starts(with: mark) }) else { return nil }
        let subject = body[(start + mark.count)...].prefix { $0 != UInt8(ascii: "\"") }
        guard let slash = subject.firstIndex(of: UInt8(ascii: "/")),
            let number = Int(String(decoding: subject[(slash + 1)...], as: UTF8.self))
        else { return nil }
        return (number - LoadOrder.firstNumber) / waveOrders
    }
}

/// Few goods that sell well and many that hardly do: the weight of the n-th is 1/n.
struct Zipf {
    private let sums: [Double]

    init(_ count: Int) {
        var sum = 0.0
        sums = (1...count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// A rank from 0 on.
    func draw(_ seed: inout Seed) -> Int {
        let point = Double.random(in: 0..<(sums.last ?? 1), using: &seed)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
