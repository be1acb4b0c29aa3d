import FaultAuditor
import Foundation
import Postgres
import TestServers
import TestSite

extension FaultCase {
    /// Dumped and backed up under load, lost, put back to an earlier moment; then senders say again what they said since.
    static let restore = FaultCase(
        id: "F20", title: "the database is lost, and restored to an earlier moment from a base backup and WAL"
    ) { stage in
        let backup = try Backup(stage)
        try stage.open(workers: 2)
        stage.play(stage.scale.pick(3, 8, 30))
        try backup.dump()
        try backup.takeBase()
        stage.play(stage.scale.pick(2, 6, 30))
        let moment = try backup.moment()
        stage.play(stage.scale.pick(2, 6, 30))
        stage.load.place(perSecond: 0)

        let workers = stage.crew.workers
        for worker in workers { stage.crew.expectEnd(of: worker) }
        stage.crew.scale(to: 0)
        stage.crew.kill9(workers)
        try backup.lose()
        try backup.restore(to: moment)
        let started = try Program.run(
            ["epoch", "start", "--yes", "--by", "ann", "--reason", "restore to \(moment)"], on: stage.site)
        stage.check(started.status == 0, "no new epoch: \(started.output)")
        try stage.checkDump(backup)

        let said = stage.speaker.ledger.entries
        let known = try stage.knownMessages()
        let lost = Set(said.map { "\($0.source) \($0.id)" }).subtracting(known)
        stage.measure("messages confirmed and not in the restored database", Double(lost.count), "")
        stage.check(!lost.isEmpty, "nothing was lost by the restore: the case shows nothing")
        stage.crew.scale(to: 2)
        // A wish may overtake now what it came after then, and what answered it the wish: of what had left, of what nobody
        // has asked for yet, and of money that went back for what is not cancelled now, people hear.
        let wishes = Set(said.compactMap { $0.id.dropping("cancel ") ?? $0.id.dropping("change ") })
        for entry in said {
            let part = ["shipped ", "amend ", "refund "].lazy.compactMap { entry.id.dropping($0) }.first
            let isCrossing =
                part.flatMap { $0.split(separator: "-").first }.map { wishes.contains(String($0)) } ?? false
            stage.speaker.say(SentMessage(entry), fate: isCrossing ? .crossing : .effect)
        }
    }
}

extension String {
    /// What follows these first words.
    fileprivate func dropping(_ words: String) -> String? { hasPrefix(words) ? String(dropFirst(words.count)) : nil }
}

extension Stage {
    /// Source and id of what the database knows.
    fileprivate func knownMessages() throws -> Set<String> {
        let session = try site.connect()
        defer { session.close() }
        return Set(try session.query("SELECT DISTINCT source || ' ' || id FROM inbox").map { try $0.text(0) })
    }

    /// A dump that was taken under load is a whole: its audit is clean.
    fileprivate func checkDump(_ backup: Backup) throws {
        let url = try backup.loadDump()
        let audit = try Program.run(["audit"], on: site, environment: ["ORDERFLOW_POSTGRES_URL": url])
        check(audit.status == 0, "the dump is not whole: \(audit.output.suffix(800))")
    }
}

extension SentMessage {
    /// What stands in the ledger, to be said again.
    init(_ entry: Ledger.Entry) {
        self.init(
            source: entry.source, id: entry.id, type: entry.type, key: entry.routingKey, body: entry.body,
            user: entry.user)
    }
}

/// Backups of a stage's database, in a folder beside its data.
struct Backup {
    private let stage: Stage
    private let folder: String

    private static let tools = "/usr/lib/postgresql/15/bin"
    private var data: String { stage.pair.postgresData }
    private var server: String { stage.pair.postgresURL }

    /// Has the server archive its log, which takes a restart.
    init(_ stage: Stage) throws {
        self.stage = stage
        folder = stage.pair.postgresData + "-backups"
        try Shell.run(
            """
            mkdir -p "$2/wal" && chown -R --reference="$1" "$2"
            printf "archive_mode = on\\narchive_command = 'cp %%p $2/wal/%%f'\\n" >> "$1/postgresql.conf"
            """, data, folder)
        try stage.pair.postgres.restart()
        try stage.site.reconnect()
    }

    /// `pg_dump` of the database as it is.
    func dump() throws {
        let start = ContinuousClock.now
        try Shell.run(
            #""$1/pg_dump" --format=custom --file="$2/dump" "$3""#, Self.tools, folder,
            stage.site.servers.postgresURL(database: stage.site.name))
        stage.measure("pg_dump under load", (ContinuousClock.now - start) / .seconds(1), "s")
    }

    /// Puts the dump into a database of its own; its URL.
    func loadDump() throws -> String {
        let name = stage.site.name + "_dump"
        let url = stage.pair.postgresURL(database: name)
        try Shell.run(
            """
            "$1/psql" -qXc "CREATE DATABASE $4" "$2"
            "$1/pg_restore" --exit-on-error --dbname="$3" "$5/dump"
            """, Self.tools, server, url, name, folder)
        return url
    }

    /// A base backup of the running server.
    func takeBase() throws {
        let start = ContinuousClock.now
        try Shell.run(
            """
            "$1/pg_basebackup" --pgdata="$2/base" --wal-method=none --checkpoint=fast --no-password --dbname="$3"
            """, Self.tools, folder, server)
        stage.measure("base backup under load", (ContinuousClock.now - start) / .seconds(1), "s")
    }

    /// The moment to come back to, by the database's clock.
    func moment() throws -> String {
        let session = try stage.site.connect()
        defer { session.close() }
        return try session.query("SELECT now()::text").only().text(0)
    }

    /// The database's machine is gone; the archive has the log but for what was not archived yet.
    func lose() throws {
        try Shell.run(#""$1/psql" -qXc "SELECT pg_switch_wal()" "$2" >/dev/null"#, Self.tools, server)
        stage.time("the log is archived", limit: 20) {
            try stage.count(
                """
                SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'
                """) == 0
        }
        try stage.pair.postgres.kill9()
        try Shell.run(#"rm -rf "$1""#, data)
    }

    /// Base backup and log, up to a moment. Back when the server takes writes again.
    func restore(to moment: String) throws {
        let start = ContinuousClock.now
        try Shell.run(
            """
            cp -a "$2/base" "$1" && chown -R --reference="$2" "$1" && chmod 700 "$1"
            printf "restore_command = 'cp $2/wal/%%f %%p'\\nrecovery_target_time = '%s'\\nrecovery_target_action = promote\\n" \\
                "$3" >> "$1/postgresql.conf"
            touch "$1/recovery.signal" && chown --reference="$2" "$1/recovery.signal"
            """, data, folder, moment)
        try stage.pair.postgres.start()
        stage.time("the restored database takes writes", limit: 60) {
            try stage.count("SELECT pg_is_in_recovery()::int") == 0
        }
        stage.measure("restore to a moment", (ContinuousClock.now - start) / .seconds(1), "s")
        try stage.site.reconnect()
    }
}
