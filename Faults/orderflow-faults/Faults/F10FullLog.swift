import OrderSimulator
import Postgres
import TestServers
import TestSite

extension FaultCase {
    /// There is no room for the write-ahead log: the server ends all sessions, and itself where it can't recover.
    static let fullLog = FaultCase(id: "F10W", title: "the disk of the database's write-ahead log is full") { stage in
        let disk = try DatabaseDisk.install(on: stage)
        try stage.open()
        for _ in 0..<stage.scale.pick(1, 3, 6) {
            stage.play(Double.random(in: 2...4, using: &stage.random))
            let watch = try stage.site.connect()
            defer { watch.close() }
            try disk.fill("pg_wal")
            // It writes over the segments that it has, and panics at the next.
            stage.time("the server panics", limit: 20) {
                try? watch.execute("SELECT pg_switch_wal()")
                return !watch.isAlive
            }
            stage.play(stage.scale.pick(3, 6, 20))
            try disk.clear()
            // One that still recovers is left to it; one that has given up is started, as an operator would.
            stage.time("the database is back", limit: 30) {
                try stage.pair.postgres.start()
                return try stage.takenOrders() > 0
            }
            try stage.site.reconnect()
            let before = try Stage.outcomes(stage.site.database)
            stage.time("work goes on by itself after the panic", limit: 15) {
                try Stage.outcomes(stage.site.database) > before
            }
        }
        stage.check(try stage.logged("PANIC:  could not write to file") > 0, "the database's log tells of no panic")
    }
}
