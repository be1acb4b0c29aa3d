internal import ArgumentParser
internal import OrderStore
internal import Postgres

/// `orderflow migrate`: brings the database to this program's schema.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database to this program's schema; any number may run at once.")

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Show what would be applied, and change nothing.")
    var dryRun = false

    func run() throws {
        let connection = try options.load().connectDatabase(requiresCurrent: false)
        let migrator = try Migrator(Migrations.all)
        guard !dryRun else {
            let pending = try migrator.pending(on: connection)
            for migration in pending {
                let end = migration.oldestServed > 1 ? ": ends programs before migration \(migration.oldestServed)" : ""
                Console.data("\(migration.number) \(migration.name)\(end)")
            }
            return Console.message(pending.isEmpty ? "nothing to apply" : "\(pending.count) to apply")
        }
        let applied = try migrator.migrate(connection)
        for migration in applied { Console.message("applied \(migration.number) \(migration.name)") }
        let reached = try migrator.requireCurrent(on: connection)
        let isNewer = reached > Migrations.all.count
        Console.message(
            "the database is at migration \(reached)" + (isNewer ? ", newer than this program, which it serves" : ""))
    }
}
