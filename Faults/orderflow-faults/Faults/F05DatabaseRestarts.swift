import OrderSimulator
import TestServers
import TestSite

extension FaultCase {
    /// PostgreSQL ends, in each of its ways, under load; and the answer to a COMMIT is lost with its connection.
    static let databaseRestarts = FaultCase(
        id: "F5", title: "PostgreSQL is restarted, killed (SIGKILL), and cut off as it commits", isShort: true
    ) { stage in
        let line = try stage.lineToDatabase()
        stage.crew.scale(to: 0) { $0.environment["ORDERFLOW_POSTGRES_URL"] = line.url }
        try stage.open(workers: 2, lanes: 2)
        let lookout = Lookout(stage.site)
        let postgres = stage.pair.postgres
        for round in 0..<stage.scale.pick(3, 9, 30) {
            stage.play(Double.random(in: 1...4, using: &stage.random))
            switch round % 3 {
            case 0: try postgres.stop()
            case 1: try postgres.stopImmediately()
            default: try postgres.kill9()
            }
            stage.play(Double.random(in: 0...8, using: &stage.random))
            try postgres.start()
            stage.timeRecovery("consuming again after PostgreSQL's return", limit: 5, lanes: 4, lookout)
        }
        stage.loseAnswers(stage.scale.pick(5, 30, 100), line)
    }
}

extension Stage {
    /// PostgreSQL has committed, and the worker does not know: it brings the messages again, and the inbox knows them.
    fileprivate func loseAnswers(_ count: Int, _ line: Line) {
        for _ in 0..<count {
            let before = line.struck
            line.strike(.commitUnanswered)
            time("the answer to a COMMIT is lost", limit: 10) { line.struck > before }
            play(0.3)
        }
        time("committed messages are brought again", limit: 30) {
            line.commits.untold.subtracting(line.commits.broughtAgain).isEmpty
        }
        let commits = line.commits
        measure("answers to COMMIT lost", Double(commits.lostAnswers), "")
        measure("messages in them, brought again and known to the inbox", Double(commits.broughtAgain.count), "")
        check(commits.lostAnswers >= count, "only \(commits.lostAnswers) answers to COMMIT were lost")
        check(!commits.broughtAgain.isEmpty, "no message of a lost answer came again")
    }
}
