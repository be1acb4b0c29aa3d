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
    ///
    /// - Parameter template: what it is a copy of, where that is not ours.
    func run(
        _ contestant: Contestant, _ workload: Workload, _ title: String, from template: String? = nil
    ) throws -> Run {
        progress.begin(title)
        try database.refresh(from: template)
        let run = try Contest(contestant, workload).run(servers, database.name)
        progress.end("\(title): \(run.sentence)")
        return run
    }
}
