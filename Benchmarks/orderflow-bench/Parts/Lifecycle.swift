/// The lifecycle mix: our worker and the usual one in turns, and what the database alone and the broker alone can do.
struct Lifecycle {
    private(set) var pairs = Pairs()
    private(set) var database: [DatabaseLimit.Result] = []
    private(set) var broker: [BrokerLimit.Result] = []

    /// - Parameter limits: whether the limits are measured beside each pair.
    init(_ session: Session, pairs count: Int, orders: Int, usualOrders: Int, limits: Bool) throws {
        let workload = session.workload(orders: orders)
        let usual = session.workload(orders: usualOrders)
        var mix: EventMix?
        for pair in 0..<max(count, 1) {
            let place = "pair \(pair + 1)"
            try pairs.add(
                session, pair, ("\(place), orderflow", .ours, workload), ("\(place), usual worker", .usual, usual)
            ) { run in
                mix = try EventMix(try session.servers.connect(database: session.database.name), messages: run.messages)
            }
            if limits, let mix { try addLimits(session, place, workload, mix) }
        }
    }

    private mutating func addLimits(
        _ session: Session, _ place: String, _ workload: Workload, _ mix: EventMix
    ) throws {
        session.progress.begin("\(place), limits")
        let servers = session.servers
        try session.database.refresh()
        let name = session.database.name
        let fed = try DatabaseLimit(try servers.configuration(database: name)).run(workload)
        let relayed = try BrokerLimit(try servers.broker, mix).run(workload, try servers.connect(database: name))
        database.append(fed)
        broker.append(relayed)
        session.progress.end(
            "\(place), limits: database \(Int(fed.messagesPerSecond).grouped), broker "
                + "\(Int(relayed.messagesPerSecond).grouped) messages/s")
    }

    var ours: [Run] { pairs.first }
    var usual: [Run] { pairs.second }

    /// L3 of each pair: both one after the other for each message.
    var both: [Double] {
        zip(database, broker).map { 1 / (1 / $0.messagesPerSecond + 1 / $1.messagesPerSecond) }
    }
}
