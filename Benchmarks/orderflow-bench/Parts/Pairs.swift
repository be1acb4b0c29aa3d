/// Two contestants in turns, so that what else the machine does falls on both.
struct Pairs {
    var first: [Run] = []
    var second: [Run] = []

    typealias Side = (title: String, contestant: Contestant, workload: Workload)

    init(_ session: Session, count: Int, _ first: Side, _ second: Side) throws {
        for pair in 0..<max(count, 1) { try add(session, pair, first, second) }
    }

    /// No pair yet.
    init() {}

    /// - Parameter inspect: called after the first's run, with its database still there.
    mutating func add(
        _ session: Session, _ pair: Int, _ first: Side, _ second: Side, inspect: (Run) throws -> Void = { _ in }
    ) throws {
        func runFirst() throws {
            let run = try session.run(first.contestant, first.workload, first.title)
            self.first.append(run)
            try inspect(run)
        }
        func runSecond() throws {
            self.second.append(try session.run(second.contestant, second.workload, second.title))
        }
        if pair % 2 == 0 {
            try runFirst()
            try runSecond()
        } else {
            try runSecond()
            try runFirst()
        }
    }

    /// The first's messages a second against the second's, pair by pair.
    var ratios: [Double] { zip(first, second).map { $0.messagesPerSecond / $1.messagesPerSecond } }
}
