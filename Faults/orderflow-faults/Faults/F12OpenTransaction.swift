import Postgres
import TestSite

extension FaultCase {
    /// Somebody leaves a transaction open: no row that was deleted since can be cleaned up.
    static let openTransaction = FaultCase(
        id: "F12", title: "a transaction is left open under load; nothing deleted can be cleaned up"
    ) { stage in
        try stage.open(workers: 2, perSecond: stage.scale.pick(10, 20, 40))
        stage.play(3)
        let seconds = stage.scale.pick(8.0, 10, 60)
        stage.measure("throughput before", try stage.throughput(over: seconds), "messages/s")
        try stage.probe("before")
        let culprit = try stage.site.connect()
        try culprit.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM orders")
        let pid = try culprit.query("SELECT pg_backend_pid()").only().int32(0)
        let open = stage.scale.pick(20.0, 90, 300)
        stage.play(open - seconds)
        stage.measure("throughput while it is open, at the end", try stage.throughput(over: seconds), "messages/s")
        try stage.probe("while it is open")
        let doctor = try Program.run(["doctor", "--patience", "5"], on: stage.site)
        let words = doctor.output.split { !$0.isNumber }
        stage.check(words.contains("\(pid)"), "doctor does not name process \(pid): \(doctor.output)")
        culprit.close()
        stage.play(5)
        stage.measure("throughput after", try stage.throughput(over: seconds), "messages/s")
        try stage.probe("after")
    }
}

extension Stage {
    /// How long an order takes from its sender to its answer, among the load.
    fileprivate func probe(_ phase: String) throws {
        for index in 1...10 {
            let number = "shop/probe-\(phase)-\(index)".replacing(" ", with: "-")
            let heard = site.sink.all.count
            try site.place(number, sku: LoadOrder.skus[0], id: number)
            time("an order is answered \(phase)", limit: 2) {
                site.sink.told(after: heard).contains { $0.receiver == "erp" && $0.subject == number }
            }
        }
    }
}
