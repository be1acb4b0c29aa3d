import OrderCore

/// A seeded random history of a few orders: a business as it stands before, and what then arrives, in some order.
package struct History: Sendable {
    package let seed: UInt64
    /// The business before anything is said.
    package let start: Bench
    /// What arrives.
    package var steps: [Step]
    /// How many messages it has as a whole.
    private let length: Int
    /// The business after all of it has arrived one by one, where that is known.
    private(set) var oneByOne: Bench?

    /// A history as a storyteller has told it, with random ends of batches and crashes.
    init(_ teller: consuming Storyteller, start: Bench) {
        seed = teller.seed
        self.start = start
        length = teller.messages.count
        oneByOne = teller.live
        var random = teller.random
        steps = teller.messages.enumerated().map { place, message in
            Step(place: place, message: message, end: random.end(), rank: random.next())
        }
    }

    /// Nothing has been left out of it.
    var isWhole: Bool { steps.count == length }

    /// Part of a history.
    func keeping(_ steps: [Step]) -> History {
        var part = self
        part.steps = steps
        part.oneByOne = nil
        return part
    }

    /// The business after all of it has arrived one by one.
    var asSaid: Bench {
        if let oneByOne { return oneByOne }
        var bench = start
        bench.playOneByOne(steps)
        return bench
    }

    /// The same messages on a bad day: most of them about in order, some far off, some never, some twice.
    func disturbed() -> History {
        var random = SeededGenerator(seed: seed ^ 0xBAD_DA7)
        var arriving: [(at: UInt64, message: Message)] = []
        for (place, step) in steps.enumerated() {
            let luck = random.next() % 100
            if luck < 6 { continue }
            let delay = random.next() % (luck < 20 ? UInt64(steps.count) : 3)
            let at = UInt64(place) + delay
            arriving.append((at, step.message))
            guard luck > 85 else { continue }
            let again = luck > 90 ? step.message.copied(id: "copy \(step.message.identity.id)") : step.message
            arriving.append((at + random.next() % UInt64(steps.count), again))
        }
        // As the sort is not stable, the place decides among equals.
        let sorted = arriving.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return keeping(
            sorted.enumerated().map { place, arrived in
                Step(place: place, message: arrived.element.message, end: random.end(), rank: random.next())
            })
    }

    /// One line a message, for people.
    package var text: String {
        steps.map { step in
            let end =
                switch step.end {
                case nil: ""
                case .done: " ▪"
                case .lost: " ✗ lost before the commit"
                case .unacknowledged: " ✗ lost before the ack"
                }
            return "#\(step.place) \(step.message.payload.text)\(end)"
        }.joined(separator: "\n")
    }
}

extension SeededGenerator {
    fileprivate mutating func end() -> BatchEnd? {
        switch next() % 100 {
        case 0..<20: .done
        case 20..<27: .lost
        case 27..<34: .unacknowledged
        default: nil
        }
    }
}
