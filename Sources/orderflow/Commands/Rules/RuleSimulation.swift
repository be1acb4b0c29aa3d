internal import Dispatch
internal import OrderCore
internal import OrderStore
internal import Postgres
internal import Synchronization

/// Asks two sets of rules about stored orders: portions of them, on a few threads with a connection each. While one thread
/// waits for the database, another asks the rules.
struct RuleSimulation: Sendable {
    let comparison: RuleComparison
    /// Each change of each order is kept, too.
    let keepsAll: Bool
    let connect: @Sendable () throws -> PostgresConnection

    private static let threads = 2
    /// Orders that are read at a time.
    private static let portion = 1_000

    /// - Parameter report: called with how many orders are done, by one thread at a time.
    func run(_ numbers: [String], report: @Sendable (Int) -> Void) throws -> SimulationTally {
        let portions = stride(from: 0, to: numbers.count, by: Self.portion).map { start in
            numbers[start..<min(start + Self.portion, numbers.count)]
        }
        let state = Mutex(State(tally: SimulationTally(keepsAll: keepsAll)))
        DispatchQueue.concurrentPerform(iterations: min(Self.threads, portions.count)) { _ in
            do {
                let queries = Queries(connection: try connect())
                var products: [String: Product] = [:]
                while let place = state.withLock({ $0.take(of: portions.count) }) {
                    let tally = try tally(of: portions[place], queries, &products)
                    state.withLock { state in
                        state.put(tally, at: place)
                        report(min(state.merged * Self.portion, numbers.count))
                    }
                }
            } catch {
                state.withLock { $0.fault = $0.fault ?? error }
            }
        }
        return try state.withLock { state in
            if let fault = state.fault { throw fault }
            return state.tally
        }
    }

    private func tally(
        of numbers: ArraySlice<String>, _ queries: Queries, _ products: inout [String: Product]
    ) throws -> SimulationTally {
        var tally = SimulationTally(keepsAll: keepsAll)
        let orders = try queries.placedOrders(
            Array(numbers), comparison.histories, products: &products, reading: KeptMessage.placedOrder)
        for order in orders {
            tally.add(order.subject.order.number, comparison.changes(order.subject, parts: order.parts))
        }
        tally.leftOut += numbers.count - orders.count
        return tally
    }

    /// Portions are taken and merged in their order, so that examples and lines are those of one thread.
    private struct State {
        var tally: SimulationTally
        var fault: (any Error)?
        private(set) var merged = 0
        private var taken = 0
        private var early: [Int: SimulationTally] = [:]

        init(tally: SimulationTally) {
            self.tally = tally
        }

        mutating func take(of count: Int) -> Int? {
            guard taken < count, fault == nil else { return nil }
            defer { taken += 1 }
            return taken
        }

        mutating func put(_ part: SimulationTally, at place: Int) {
            early[place] = part
            while let next = early.removeValue(forKey: merged) {
                tally.add(next)
                merged += 1
            }
        }
    }
}
