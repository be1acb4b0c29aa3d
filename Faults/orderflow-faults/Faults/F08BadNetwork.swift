import OrderSimulator
import TestServers
import TestSite

extension FaultCase {
    /// Each connection of each worker goes through a relay, which disturbs it.
    static let badNetwork = FaultCase(
        id: "F8", title: "the network: cut in mid-frame, half-open, 200 ms late, one byte at a time", isLong: true
    ) { stage in
        let network = Network(broker: try stage.lineToBroker(), database: try stage.lineToDatabase())
        stage.crew.scale(to: 0) {
            $0.environment["ORDERFLOW_AMQP_URL"] = network.broker.url
            $0.environment["ORDERFLOW_POSTGRES_URL"] = network.database.url
        }
        try stage.open(workers: 2, lanes: 1)
        let lookout = Lookout(stage.site)
        for _ in 0..<stage.scale.pick(1, 5, 20) { stage.cutInMidFrame(network, lookout) }
        for _ in 0..<stage.scale.pick(1, 1, 2) { stage.goHalfOpen(network, lookout) }
        for weather in [Line.Weather.delayed(milliseconds: 200), .bytewise] {
            network.weather(weather)
            let before = try lookout.orders()
            stage.play(stage.scale.pick(5, 15, 60))
            stage.time("orders are taken over a slow network", limit: 20) { try lookout.orders() > before + 5 }
        }
        network.weather(.calm)
    }
}

/// The ways of all workers to both servers.
private struct Network {
    let broker: Line
    let database: Line

    /// What can be hit: a lane's three connections.
    var lines: [(line: Line, role: Line.Role)] {
        [(broker, .consuming), (broker, .publishing), (database, .other)]
    }

    func weather(_ weather: Line.Weather) {
        broker.weather = weather
        database.weather = weather
    }
}

extension Stage {
    /// One connection of each kind, in each direction.
    fileprivate func cutInMidFrame(_ network: Network, _ lookout: Lookout) {
        for (line, role) in network.lines {
            for isToServer in [true, false] {
                let struck = line.struck
                line.strike(.cut(toServer: isToServer), role)
                time("a connection is cut in mid-frame", limit: 15) { line.struck > struck }
                play(Double.random(in: 0...0.5, using: &random))
            }
        }
        timeRecovery("consuming again after connections were cut", limit: 5, lanes: 2, lookout)
    }

    /// Both ends think that the connection stands, and nothing gets through.
    fileprivate func goHalfOpen(_ network: Network, _ lookout: Lookout) {
        // Two heartbeats of 10 s.
        breakSilently(network.lines.filter { $0.role != .other }, "half-open connections to the broker", limit: 30)
        // A lane that waits for a session does nothing else; the server has a minute to answer.
        breakSilently(network.lines, "half-open connections, a session among them,", limit: 70)
        timeRecovery("consuming again after connections were half-open", limit: 15, lanes: 2, lookout)
    }

    private func breakSilently(_ lines: [(line: Line, role: Line.Role)], _ what: String, limit: Double) {
        let known = lines.map { ($0.line, $0.line.made) }
        for (line, role) in lines {
            let struck = line.struck
            line.strike(.halfOpen, role)
            time("a connection is half-open", limit: 15) { line.struck > struck }
        }
        time("\(what) are replaced", limit: limit) {
            known.allSatisfy { line, made in
                line.made >= made + lines.count { $0.line === line }
            }
        }
    }
}
