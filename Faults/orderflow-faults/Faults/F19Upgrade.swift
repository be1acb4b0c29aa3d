import Foundation
import OrderStore
import TestServers
import TestSite

extension FaultCase {
    /// Programs of three versions meet on one schema: the next one adds, the one after takes away.
    static let upgrade = FaultCase(
        id: "F19", title: "an upgrade under load: workers of schema N and N+1 side by side, then a contraction"
    ) { stage in
        let next = try TestMigration(
            "ALTER TABLE orders ADD COLUMN test_note text NOT NULL DEFAULT ''", stage, "expand")
        let afterNext = try TestMigration(
            "-- contract, serves \(Migrations.all.count + 1)\nALTER TABLE order_lines ADD COLUMN test_note text", stage,
            "contract", after: next)
        try stage.open(workers: 2)
        stage.play(2)

        try stage.migrate(next)
        stage.crew.scale(to: 4) { $0.environment = next.environment }
        stage.time("workers of N and N+1 run side by side", limit: 10) { stage.crew.workers.count == 4 }
        stage.play(stage.scale.pick(2, 10, 60))
        stage.check(stage.crew.started == 4, "a worker ended beside those of another version")
        let older = try Program.run(["doctor"], on: stage.site)
        stage.check(older.output.contains("which it serves"), "the older program does not go on: \(older.output)")

        let (old, new) = (Array(stage.crew.workers.prefix(2)), Array(stage.crew.workers.suffix(2)))
        for worker in old { stage.crew.expectEnd(of: worker) }
        stage.crew.scale(to: 4) { $0.environment = afterNext.environment }
        try stage.migrate(afterNext)
        stage.time("workers of N end when the schema leaves them behind", limit: 20) {
            old.allSatisfy { !$0.isRunning }
        }
        for worker in old {
            let status = worker.exitStatus.map { WaitStatus($0).number }
            stage.check(status == 2, "an older worker ended with \(status.map(String.init) ?? "nothing"), not 2")
        }
        stage.check(new.allSatisfy(\.isRunning), "a worker of N+1 ended, which the schema still serves")
        let refused = try Program.run(["worker"], on: stage.site)
        stage.check(refused.status == 2, "a worker of N starts on the schema of N+2: \(refused.output)")
        stage.check(
            refused.output.contains("update the program"), "it does not say how to mend it: \(refused.output)")
        stage.play(stage.scale.pick(2, 5, 30))
        stage.auditEnvironment = afterNext.environment
    }
}

extension Stage {
    /// `orderflow migrate` of a later version, under load.
    fileprivate func migrate(_ migration: TestMigration) throws {
        let done = try Program.run(["migrate"], on: site, environment: migration.environment)
        check(done.status == 0, "no migration: \(done.output)")
    }
}

/// A migration that only the suite's build takes, and what a program of its version is started with.
private struct TestMigration {
    let environment: [String: String]

    init(_ sql: String, _ stage: Stage, _ name: String, after before: TestMigration? = nil) throws {
        let path = stage.pair.postgresData + "-\(name).sql"
        try sql.write(toFile: path, atomically: true, encoding: .utf8)
        let paths = [before?.environment["ORDERFLOW_TEST_MIGRATION"], path].compactMap { $0 }
        environment = ["ORDERFLOW_TEST_MIGRATION": paths.joined(separator: ":")]
    }
}
