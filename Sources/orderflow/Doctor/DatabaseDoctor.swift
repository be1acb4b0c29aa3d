internal import OrderStore
internal import Postgres

/// Looks at the database: is it there, is it ours, does it keep what it is given.
struct DatabaseDoctor {
    let configuration: Configuration
    /// How long a transaction may be open before it is told.
    var patienceSeconds = 300

    func examine(isQuick: Bool) -> [Diagnosis] {
        let connection: PostgresConnection
        do throws(PostgresError) {
            connection = try configuration.connectDatabase(requiresCurrent: false)
        } catch {
            return [unreachable(error)]
        }
        // A frozen server must not freeze a health check.
        connection.responseTimeoutMilliseconds = 5_000
        var diagnoses = [
            Diagnosis.ok("database", "reachable, PostgreSQL \(connection.serverVersion / 10_000)"),
            migrations(connection),
        ]
        guard !isQuick else { return diagnoses }
        let isMigrated = diagnoses.allSatisfy { $0.state == .ok }
        do throws(PostgresError) {
            diagnoses += try DatabaseSettings(connection).diagnoses
            diagnoses.append(try pooling(connection))
            diagnoses.append(try clock(connection))
            diagnoses += try DatabaseSessions(connection, patienceSeconds: patienceSeconds).diagnoses
            if isMigrated { diagnoses += try DatabaseContents(connection, configuration).diagnoses }
        } catch {
            diagnoses.append(unanswered(error))
        }
        return diagnoses
    }

    private func unanswered(_ error: PostgresError) -> Diagnosis {
        ExitStatus(error) == .unavailable
            ? .away("database", "\(error)", mend: "see whether the server is overloaded or frozen")
            : .wrong("database", "\(error)", mend: "see the server's log")
    }

    private func unreachable(_ error: PostgresError) -> Diagnosis {
        if ExitStatus(error) == .unavailable {
            return .away("database", "\(error)", mend: "start it, or mend postgres.url; workers wait for it meanwhile")
        }
        let mend =
            switch error.sqlState?.rawValue {
            case "3D000": "create the database (`CREATE DATABASE …`), then `orderflow migrate`"
            case "28P01", "28000":
                "mend user or password: postgres.url, postgres.passwordFile, and the server's pg_hba.conf"
            default: "mend postgres.url"
            }
        return .wrong("database", "\(error)", mend: mend)
    }

    private func migrations(_ connection: PostgresConnection) -> Diagnosis {
        do throws(PostgresError) {
            let applied = try Migrator(Migrations.all).requireCurrent(on: connection)
            return .ok(
                "migrations",
                applied == Migrations.all.count
                    ? "at \(applied), as this program wants"
                    : "at \(applied), newer than this program (\(Migrations.all.count)), which it serves")
        } catch {
            guard case .migration = error.code else { return unanswered(error) }
            let mend =
                if case .migration(.ahead) = error.code { "install a program that is as new as the database" } else {
                    "`orderflow migrate`"
                }
            return .wrong("migrations", error.message, mend: mend)
        }
    }

    /// Lanes hold advisory locks for as long as their session lives. A pooler that hands a server's session to another
    /// client between transactions shows when a second client gets the same one.
    private func pooling(_ connection: PostgresConnection) throws(PostgresError) -> Diagnosis {
        let key = Parameter.int8(Int64.random(in: Int64.min...Int64.max))
        _ = try connection.query("SELECT pg_try_advisory_lock($1)", [key])
        let other = try configuration.connectDatabase(requiresCurrent: false)
        try other.begin()
        let otherPID = try other.query("SELECT pg_backend_pid()").only().int64(0)
        let isHeld = try connection.query("SELECT pg_advisory_unlock($1)", [key]).only().bool(0)
        let pid = try connection.query("SELECT pg_backend_pid()").only().int64(0)
        try other.rollback()
        guard isHeld, pid != otherPID else {
            return .wrong(
                "sessions", "an advisory lock did not outlive its statement: a pooler shares sessions",
                mend: "set the pooler to session pooling (PgBouncer: pool_mode = session), or go to PostgreSQL directly"
            )
        }
        return .ok("sessions", "advisory locks live as long as their session")
    }

    private func clock(_ connection: PostgresConnection) throws(PostgresError) -> Diagnosis {
        let before = WallClock.microseconds
        let theirs = try connection.query("SELECT clock_timestamp()").only().timestamp(0)
        let difference = Double(theirs - (before + WallClock.microseconds) / 2) / 1_000_000
        let text = "the database's clock differs from this machine's by \(Int(difference * 1_000)) ms"
        guard abs(difference) > 2 else { return .ok("clock", text) }
        return .warning(
            "clock", text, mend: "synchronise both by NTP: timers follow the database's clock, logs this one")
    }
}
