import OrderSimulator
import TestSite

extension FaultCase {
    /// All workers die at once, again and again.
    static let killedCrew = FaultCase(id: "F2", title: "all workers are killed at once, again and again") { stage in
        try stage.open(workers: 3)
        for _ in 0..<stage.scale.pick(2, 10, 50) {
            stage.play(Double.random(in: 0.5...3, using: &stage.random))
            stage.crew.kill9(stage.crew.workers)
            stage.time("nothing is in limbo after all were killed", limit: 30) {
                try stage.orphanedEvents() == 0 && stage.claimedDueRows() == 0
            }
        }
    }
}

extension Stage {
    /// Due rows that a lane has claimed for longer than any batch takes.
    func claimedDueRows() throws -> Int {
        try count(
            "SELECT count(*) FROM due WHERE tries > 0 AND due_at < now() - interval '5 seconds' AND next_at > now()")
    }
}
