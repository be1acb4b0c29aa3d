internal import TradingDay

/// Messages with the time at which each is due, whatever became of those before: an open loop.
///
/// Orders begin at an even pace; each of their stages follows the last after the same while.
struct Schedule {
    struct Entry {
        var message: OutsideMessage
        /// Nanoseconds after the start.
        var due: Int64
        /// It has an event.
        var isTold: Bool
    }

    let entries: [Entry]
    /// The time in which all stages go on at once: what is due in it is measured.
    let measured: Range<Int64>

    /// - Parameters:
    ///   - rate: messages a second, once all stages go on.
    ///   - seconds: how long that is measured.
    init(rate: Double, seconds: Double, seed: UInt64) {
        var seed = Seed(seed)
        let now = Moment(seconds: 1_790_000_000)
        let pause = 2.0
        let rampUp = pause * Double(Workload.Stage.allCases.count - 1)
        // Four messages of each order, and a payment of four fifths of them.
        let pace = rate / 4.8
        let count = Int((rampUp + seconds) * pace)
        var entries: [Entry] = []
        for index in 0..<count {
            let order = LoadOrder(number: LoadOrder.firstNumber + index, .lifecycle, &seed)
            for stage in Workload.Stage.allCases {
                guard let message = order.message(stage, at: now) else { continue }
                let due = Double(index) / pace + Double(stage.rawValue) * pause
                entries.append(Entry(message: message, due: Int64(due * 1e9), isTold: stage.sign != nil))
            }
        }
        entries.sort { $0.due < $1.due }
        self.entries = entries
        measured = Int64(rampUp * 1e9)..<Int64((rampUp + seconds) * 1e9)
    }
}
