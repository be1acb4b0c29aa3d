import OrderCore

/// Makes up what a seeded world says, one message after the other, beside a business that hears it: so that what is said
/// next can fit what has become of it.
struct Storyteller {
    let seed: UInt64
    /// The business after what has been said so far, a batch a message.
    var live: Bench
    var messages: [Message] = []
    var random: SeededGenerator
    /// What is on its way, and when it arrives.
    private var late: [(message: Message, after: Int)] = []

    init(seed: UInt64, live: Bench, random: SeededGenerator) {
        self.seed = seed
        self.live = live
        self.random = random
    }

    mutating func chance(_ percent: Int) -> Bool { random.next() % 100 < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.next() % UInt64(elements.count))]
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A document or reference that nobody has used.
    var document: String { "X\(live.messageCount)" }

    /// A message is sent: it arrives now, later, never, or more than once.
    mutating func say(_ message: Message) {
        switch number(0...99) {
        case 0..<8: late.append((message, messages.count + Int(number(1...12))))
        case 8..<10: break
        default:
            arrive(message)
            if chance(12) { repeatLater(message) }
        }
        while let next = late.firstIndex(where: { $0.after <= messages.count }) {
            arrive(late.remove(at: next).message)
        }
    }

    /// What is still on its way arrives.
    mutating func arriveAll() {
        for (message, _) in late { arrive(message) }
        late = []
    }

    mutating func arrive(_ message: Message) {
        messages.append(message)
        guard live.broken.isEmpty else { return }
        live.take(message)
    }

    /// The broker delivers it again, the sender sends it again, or somebody says something else in its name.
    private mutating func repeatLater(_ message: Message) {
        // A due row fires once.
        if case .timer = message.payload { return }
        var again = message
        switch number(0...9) {
        case 0..<4: break
        case 4..<8: again = message.copied(id: "copy \(messages.count)")
        case 8: again.contentHash = ContentHash(high: 1, low: random.next())
        default:
            again = message.copied(id: "copy \(messages.count)")
            again.contentHash = ContentHash(high: 1, low: random.next())
        }
        late.append((again, messages.count + Int(number(0...20))))
    }
}
