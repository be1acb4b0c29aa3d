internal import Postgres

/// The servers, the databases and the progress of a command.
final class Session {
    let servers: Servers
    let database: BenchDatabase
    let progress: Progress
    let seed: UInt64

    /// Fills the template.
    init(seed: UInt64, steps: Int) throws {
        servers = try Servers()
        database = try BenchDatabase(servers)
        try database.checkDurability()
        progress = Progress(steps: steps)
        self.seed = seed
        Terminal.note("filling the template: \(Goods.count.grouped) goods")
        try database.makeTemplate()
    }

    func workload(_ mix: Mix = .lifecycle, orders: Int) -> Workload {
        Workload(mix, seed: seed, orders: orders)
    }

    /// A run on a fresh database.
    func run(_ contestant: Contestant, _ workload: Workload, _ title: String) throws -> Run {
        progress.begin(title)
        try database.refresh()
        let run = try Contest(contestant, workload).run(servers, database.name)
        progress.end("\(title): \(run.sentence)")
        return run
    }
}
