internal import TradingDay

/// The messages of a run: orders that are placed, paid, accepted, shipped and delivered; what partners sold was paid before.
///
/// Orders come in waves. A wave's next stage follows three steps after the last, and the load never has more than two
/// steps in the queues: so the queues are never empty, and only what is meant to comes before its time.
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

    static let waves = 12
    private static let stepsBetweenStages = 3

    let orders: Int
    let mix: Mix
    let steps: [Step]
    /// Steps before the clock starts.
    let stepsBefore: Int
    /// Messages that can't be read: they end dead.
    let invalid: Int
    private let firstNumber: Int
    private let waveOrders: Int

    /// Makes so many orders; all bodies are there when this returns.
    init(_ mix: Mix = .lifecycle, seed: UInt64, orders count: Int, firstNumber: Int = LoadOrder.firstNumber) {
        var seed = Seed(seed)
        let now = Moment(seconds: 1_790_000_000)
        let stepsBefore = mix.isStoredBefore ? Self.waves : 0
        let waveOrders = max(1, (count + Self.waves - 1) / Self.waves)
        var steps = Array(
            repeating: Step(), count: stepsBefore + Self.waves + (mix.stages.count - 1) * Self.stepsBetweenStages)
        var disturbances = Disturbances()
        for index in 0..<count {
            let order = LoadOrder(number: firstNumber + index, mix, &seed)
            let wave = index / waveOrders
            for stage in mix.stages {
                guard let message = order.message(stage, at: now) else { continue }
                let isBefore = mix.isStoredBefore && stage == .placed
                // What is stored before leaves no gap where its stage would be.
                let place = stage.rawValue - (mix.isStoredBefore && !isBefore ? 1 : 0)
                let step = (isBefore ? 0 : stepsBefore) + wave + place * Self.stepsBetweenStages
                if stage.canBeEarly(order), step - Self.stepsBetweenStages > stepsBefore {
                    disturbances.canBeEarly.append((step, steps[step].messages.count))
                }
                steps[step].messages.append(message)
                if let event = stage.sign { steps[step].signs[Sign(event: event, wave: wave), default: 0] += 1 }
            }
        }
        invalid = disturbances.apply(
            to: &steps, from: stepsBefore, distance: Self.stepsBetweenStages + 1, mark: firstNumber, at: now, &seed)
        for index in steps.indices { steps[index].messages.shuffle(using: &seed) }
        self.steps = steps
        self.stepsBefore = stepsBefore
        self.firstNumber = firstNumber
        self.waveOrders = waveOrders
        self.mix = mix
        orders = count
    }

    /// Messages while the clock runs.
    var messages: Int { steps[stepsBefore...].reduce(0) { $0 + $1.messages.count } }

    /// The wave of the order that an event is about, found without reading all of it.
    func wave(ofEvent body: [UInt8]) -> Int? {
        guard let subject = body.text(of: "subject"), let slash = subject.firstIndex(of: "/"),
            let number = Int(subject[subject.index(after: slash)...])
        else { return nil }
        return (number - firstNumber) / waveOrders
    }
}

extension Workload.Stage {
    /// What waits under its order's lock for what comes before it.
    fileprivate func canBeEarly(_ order: LoadOrder) -> Bool {
        switch self {
        case .accepted: !order.isExternal
        case .delivered: true
        case .placed, .paid, .shipped: false
        }
    }
}

extension [UInt8] {
    /// The text of a member of the envelope, taken from the first place where its name stands.
    func text(of name: String) -> Substring? {
        let mark = Array("\"\(name)\":\"".utf8)
        return withUnsafeBytes { bytes in
            var start = 0
            while start + mark.count <= bytes.count {
                if bytes[start] == mark[0], bytes[start...].starts(with: mark) {
                    let text = bytes[(start + mark.count)...].prefix { $0 != UInt8(ascii: "\"") }
                    return String(decoding: text, as: UTF8.self)[...]
                }
                start += 1
            }
            return nil
        }
    }
}
