internal import OrderCore
internal import OrderStore

/// Replays or drops dead messages: shows what was chosen, asks, and sends the wish in portions.
struct DeadSettlement {
    let kind: DeadLetterCommand.Kind
    let options: DeadSettleOptions

    /// What a message takes.
    private static let most = 1_000

    func run() throws {
        let configuration = try options.staff.options.load()
        let queries = Queries(connection: try configuration.connectDatabase())
        let numbers = try queries.deadNumbers(options.chosen, replayable: kind == .replay)
        try preview(queries, numbers)
        guard !options.dryRun else { return }
        if options.numbers.isEmpty, !options.yes {
            try Confirmation.require("\(kind.rawValue) \(numbers.count) dead messages?")
        }
        try send(numbers, configuration)
    }

    private func preview(_ queries: Queries, _ numbers: [Int64]) throws {
        let groups = try queries.deadGroups(options.chosen)
        let chosen = groups.reduce(0) { $0 + $1.messages }
        guard chosen > 0 else { throw Failure(.findings, "none of them is dead: `orderflow dead list` shows what is") }
        if options.dryRun || options.numbers.isEmpty {
            Console.message(DeadGroupsCommand.listing(groups).table)
            Console.message("\(numbers.count) to \(kind.rawValue)")
        }
        if numbers.count < chosen {
            Console.message(
                "\(Int(chosen) - numbers.count) can't be replayed: they have no identity, or are not kept whole")
        }
        guard !numbers.isEmpty else { throw Failure(.findings, "none of them can be replayed: drop them") }
    }

    /// One portion after another, each when the one before has had its outcome.
    private func send(_ numbers: [Int64], _ configuration: Configuration) throws {
        let portion = min(options.perSecond ?? Self.most, Self.most)
        for start in stride(from: 0, to: numbers.count, by: portion) {
            let next = ContinuousClock.now + interval(of: portion)
            let ids = numbers[start..<min(start + portion, numbers.count)]
            if numbers.count > portion { Console.message("\(start + ids.count) of \(numbers.count):") }
            try options.staff.deliver(
                "message.\(kind.rawValue).v1", [("ids", JSONText.array(ids.map { String($0) }))], configuration)
            while start + portion < numbers.count, .now < next { Pause.milliseconds(20) }
        }
    }

    /// How long a portion has at the wanted rate.
    private func interval(of portion: Int) -> Duration {
        guard let rate = options.perSecond else { return .zero }
        return .microseconds(1_000_000 * portion / rate)
    }
}
