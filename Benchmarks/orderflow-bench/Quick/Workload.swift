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

    /// One load of the queues.
    struct Step {
        var messages: [OutsideMessage] = []
        /// How often each sign must have been seen when this step and all before it are done.
        var signs: [String: Int] = [:]
    }

    static let skus = 20_000
    static let price: Int64 = 4_990
    static let waveOrders = 500
    private static let stepsBetweenStages = 3

    let orders: Int
    let messages: Int
    let steps: [Step]

    /// Makes so many orders; all bodies are there when this returns.
    init(seed: UInt64, orders count: Int) {
        var seed = Seed(seed)
        let goods = Zipf(Self.skus)
        let now = Moment(seconds: 1_790_000_000)
        let waves = (count + Self.waveOrders - 1) / Self.waveOrders
        var steps = Array(
            repeating: Step(), count: waves + (Stage.allCases.count - 1) * Self.stepsBetweenStages)
        for index in 0..<count {
            let order = LoadOrder(number: index, goods, &seed)
            for stage in Stage.allCases {
                guard let message = order.message(stage, at: now) else { continue }
                let step = index / Self.waveOrders + stage.rawValue * Self.stepsBetweenStages
                steps[step].messages.append(message)
                if let sign = stage.sign { steps[step].signs[sign, default: 0] += 1 }
            }
        }
        var sums: [String: Int] = [:]
        for index in steps.indices {
            steps[index].messages.shuffle(using: &seed)
            sums.merge(steps[index].signs, uniquingKeysWith: +)
            steps[index].signs = sums
        }
        self.steps = steps
        orders = count
        messages = steps.reduce(0) { $0 + $1.messages.count }
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
