import Postgres
import TestServers
import Testing

@Suite("Migrating")
struct MigrateTests {
    @Test("a fresh database is brought to the newest schema, and once is enough")
    func fresh() async throws {
        try await Installation.use { installation in
            let program = installation.program
            let pending = try program.run("migrate", "--dry-run")
            #expect(pending.status == 0 && pending.output.hasPrefix("1 orders\n"))
            let before = try program.run("order", "list")
            #expect(before.status == 2 && before.messages.contains("has not been migrated"))
            #expect(try program.run("doctor", "--quick").output.contains("wrong    migrations"))

            let first = try program.run("migrate")
            #expect(first.status == 0 && first.messages.contains("applied 1 orders"), "\(first.summary)")
            let second = try program.run("migrate")
            #expect(second.status == 0 && !second.messages.contains("applied"))
            #expect(try program.run("migrate", "--dry-run").messages.contains("nothing to apply"))
            #expect(try program.run("order", "list").status == 0)
        }
    }

    @Test("a database that is a step behind is refused by everything else, and mended")
    func old() async throws {
        try await Installation.use { installation in
            let program = installation.program
            _ = try program.run("migrate")
            let connection = try installation.connect()
            // The last migration gives rights only, so it may run again.
            try connection.execute(
                "DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)")
            let refused = try program.run("audit")
            #expect(refused.status == 2 && refused.messages.contains("lacks migrations"), "\(refused.summary)")
            let doctor = try program.run("doctor", "--quick")
            #expect(doctor.status == 1 && doctor.output.contains("-> `orderflow migrate`"), "\(doctor.summary)")
        }
    }

    @Test("a database that a newer program has only added to serves this one, and migrate leaves it alone")
    func expanded() async throws {
        try await Installation.use { installation in
            let program = installation.program
            _ = try program.run("migrate")
            try installation.connect().execute(
                """
                INSERT INTO schema_migration (number, name, checksum)
                SELECT max(number) + 1, 'future', 'x' FROM schema_migration
                """)
            let again = try program.run("migrate")
            #expect(again.status == 0 && again.messages.contains("newer than this program, which it serves"))
            #expect(try program.run("audit").status == 0)
            #expect(try program.run("doctor", "--quick").output.contains("which it serves"))
        }
    }

    @Test("the next program's migration is applied by a build that is given it, and serves this one")
    func next() async throws {
        try await Installation.use { installation in
            _ = try installation.program.run("migrate")
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("input", "-- contract\nALTER TABLE orders RENAME COLUMN status TO state;\n")
            var next = installation.program
            next.environment["ORDERFLOW_TEST_MIGRATION"] = folder.path("input")
            let look = try next.run("migrate", "--dry-run")
            #expect(look.output.contains(" test: ends programs before migration"), "\(look.summary)")
            #expect(try next.run("migrate").messages.contains("applied"))
            #expect(try installation.program.run("order", "list").messages.contains("newer than this program"))
            next.environment["ORDERFLOW_TEST_MIGRATION"] = folder.path("no such file")
            #expect(try next.run("migrate").status == 2)
        }
    }

    @Test("a database from which a newer program took away what this one uses is left alone")
    func newer() async throws {
        try await Installation.use { installation in
            let program = installation.program
            _ = try program.run("migrate")
            try installation.connect().execute(
                """
                INSERT INTO schema_migration (number, name, checksum, oldest_served)
                SELECT max(number) + 1, 'future', 'x', max(number) + 1 FROM schema_migration
                """)
            for command in ["migrate", "worker", "audit"] {
                let result = try program.run([command])
                #expect(result.status == 2)
                #expect(result.messages.contains("newer than this program"), "\(command): \(result.summary)")
            }
            let doctor = try program.run("doctor")
            #expect(doctor.status == 1)
            #expect(doctor.output.contains("install a program that is as new as the database"))
        }
    }
}
