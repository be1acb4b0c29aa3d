internal import Glibc
internal import OrderRules
internal import Postgres

/// `orderflow rules simulate` over many stored orders: how long people wait for its answer.
struct SimulationPart {
    private let count: Int
    private var seconds: [Double] = []

    /// - Parameters:
    ///   - program: the orderflow program.
    ///   - folder: the rules that are tried; the version that counts is without their review.
    init(_ session: Session, program: String, folder: String, orders count: Int, rounds: Int) throws {
        self.count = count
        let stored = StoredOrders(session.servers, session.database, count: count)
        try stored.make()
        var files = try RuleFiles(folder: folder)
        files.texts["review.yaml"] = nil
        let name = try session.publish(files, in: session.database.template + "_simulated", from: stored.template)
        let connection = try session.servers.connect(database: name)
        try connection.execute(Self.spread)
        let environment = [
            "ORDERFLOW_POSTGRES_URL": session.servers.postgresURL(database: name), "ORDERFLOW_CONFIG": "",
        ]
        let (log, csv) = ("/tmp/\(name).txt", "/tmp/\(name).csv")
        for round in 1...max(rounds, 1) {
            session.progress.begin("simulation, round \(round)")
            let start = ContinuousClock.now
            let status = try ChildProcess.run(
                [program, "rules", "simulate", folder, "--orders", "8 days", "--csv", csv], environment: environment,
                logFile: log)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let said = TextFile.read(log) ?? ""
            guard status == 0, said.contains(" orders: v1 against") else {
                throw BenchFailure("rules simulate ended with \(status): \(said)")
            }
            self.seconds.append(seconds)
            session.progress.end("simulation, round \(round): \(seconds.shortText) s")
        }
        unlink(log)
        unlink(csv)
        connection.close()
        try session.database.remove(name)
    }

    /// The orders were placed over a week, a fifth of them by buyers who had ordered before.
    private static let spread = """
        UPDATE orders SET placed_at = now() - random() * interval '7 days';
        UPDATE order_contacts SET buyer = 'buyer-' || abs(hashtext(order_number)) % 20000
            WHERE abs(hashtext(order_number)) % 5 = 0;
        ANALYZE;
        """

    var section: Report.Section {
        var section = Report.Section(title: "Rules tried on stored orders")
        section.note = """
            `orderflow rules simulate` over \(count.grouped) orders that were placed within a week, with `--csv`: the rules that \
            ship against themselves without review.
            """
        section.figures = [
            Figure("rules.simulation", "\(count.grouped) orders: seconds", .absolute, seconds),
            Figure(
                "rules.simulated", "orders/s, both sets", .absolute, seconds.map { Double(count) / max($0, 0.001) }),
        ]
        return section
    }
}
