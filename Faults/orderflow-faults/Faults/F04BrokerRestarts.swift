import OrderSimulator
import TestServers
import TestSite

extension FaultCase {
    /// The broker ends, in an orderly way and not, under load.
    static let brokerRestarts = FaultCase(id: "F4", title: "the broker is restarted, and killed (SIGKILL)") { stage in
        try stage.open(workers: 2, lanes: 2)
        let lookout = Lookout(stage.site)
        for round in 0..<stage.scale.pick(2, 4, 16) {
            stage.play(Double.random(in: 1...4, using: &stage.random))
            if round.isMultiple(of: 2) { try stage.pair.broker.stop() } else { try stage.pair.broker.kill9() }
            // Long enough that all have noticed, and have tried again.
            stage.play(Double.random(in: 0...8, using: &stage.random))
            try stage.pair.broker.start()
            stage.timeRecovery("consuming again after the broker's return", limit: 5, lanes: 4, lookout)
        }
    }
}
