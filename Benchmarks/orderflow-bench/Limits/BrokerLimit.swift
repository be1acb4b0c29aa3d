internal import AMQP
internal import Postgres

/// The broker alone (L2): the messages of a workload are consumed 200 at a time, as many events of the same size as the
/// worker's are published and confirmed, and the messages acked at once. The same quorum queues, as many lanes.
struct BrokerLimit {
    struct Result {
        var messages = 0
        var seconds = 0.0
        /// CPU time of the relay.
        var clock = PhaseClock()

        var messagesPerSecond: Double { Double(messages) / seconds }
    }

    private let broker: AMQPURL
    private let events: EventMix
    private static let lanes = 4

    init(_ broker: AMQPURL, _ events: EventMix) {
        self.broker = broker
        self.events = events
    }

    func run(_ workload: Workload, _ database: PostgresConnection) throws -> Result {
        let load = try Load(workload, broker: broker, database: database)
        let state = RelayState()
        for number in 1...Self.lanes {
            let relay = try Relay(broker, events, name: "bench: relay \(number)")
            try PlainThread.start {
                do {
                    try relay.run(state)
                } catch {
                    state.failed(error)
                }
                state.ended()
            }
        }
        defer { state.stop(threads: Self.lanes) }
        var result = Result(messages: workload.steps.reduce(0) { $0 + $1.messages.count })
        result.seconds = try load.flood { try state.relayed() >= result.messages }
        state.stop(threads: Self.lanes)
        result.clock = state.clock
        return result
    }
}
