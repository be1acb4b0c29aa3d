internal import OrderStore
internal import Postgres

/// A template database in which so many orders are stored already: made once, and kept for the next time.
///
/// A few sample orders go the whole way from placed to delivered; their rows are then multiplied set-based under new numbers,
/// in every table that a batch reads or writes by key. The numbers of a run lie between the stored ones, so that its rows
/// land all over the indexes. Of an order's journal only the last entry is multiplied, without its rows; the logs, which are
/// only appended to, are left out.
struct StoredOrders {
    private let servers: Servers
    private let base: BenchDatabase
    private let count: Int
    let template: String

    private static let samples = 120
    private static let portion = 100_000
    /// The tables, and how a row's order is found.
    private static let tables: [(name: String, condition: String)] = [
        ("orders", "s.number = m.number"),
        ("order_contacts", "s.order_number = m.number"),
        ("order_lines", "s.order_number = m.number"),
        ("order_journal", "s.order_number = m.number AND s.to_status = 'completed'"),
        ("payment_facts", "s.order_number = m.number"),
        ("fulfilments", "s.order_number = m.number"),
        ("fulfilment_lines", "s.order_number = m.number"),
        ("parcels", "s.order_number = m.number"),
        ("business_keys", "s.message_id LIKE m.number || '-%'"),
        ("stock_journal", "s.order_number = m.number"),
    ]

    init(_ servers: Servers, _ base: BenchDatabase, count: Int) {
        self.servers = servers
        self.base = base
        self.count = count
        template = base.template + "_stored_\(count)"
    }

    /// Does nothing where it is there, in today's schema.
    func make() throws {
        let admin = try servers.connect(database: "postgres")
        if try isThere(admin) { return }
        let draft = template + "_draft"
        try admin.execute("DROP DATABASE IF EXISTS \(template)")
        try base.copy(to: draft)
        let workload = Workload(seed: 7, orders: Self.samples, firstNumber: 900_000)
        _ = try DatabaseLimit(try servers.configuration(database: draft)).run(workload)
        let connection = try servers.connect(database: draft)
        try connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        try prepareSamples(connection)
        let indexes = try indexes(connection)
        for index in indexes { try connection.execute(index.drop) }
        for start in stride(from: 0, to: count, by: Self.portion) {
            Terminal.tick("storing orders: \(start.grouped) of \(count.grouped)")
            try multiply(connection, start..<min(start + Self.portion, count))
        }
        for index in indexes {
            Terminal.tick(index.make)
            try connection.execute(index.make)
        }
        Terminal.endTicks()
        try connection.execute("VACUUM ANALYZE")
        connection.close()
        try admin.execute("ALTER DATABASE \(draft) RENAME TO \(template)")
    }

    private func isThere(_ admin: PostgresConnection) throws -> Bool {
        let found = try admin.query("SELECT FROM pg_database WHERE datname = '\(template)'")
        guard found.count > 0 else { return false }
        do {
            try Migrator(Migrations.all).requireCurrent(on: try servers.connect(database: template))
            return true
        } catch {
            return false
        }
    }

    private func prepareSamples(_ connection: PostgresConnection) throws {
        try connection.execute(
            """
            CREATE TEMP TABLE m AS
            SELECT number, split_part(number, '/', 2) AS digits, row_number() OVER (ORDER BY number) - 1 AS place
            FROM orders WHERE status = 'completed'
            """)
        for (name, condition) in Self.tables {
            try connection.execute(
                "CREATE TEMP TABLE sample_\(name) AS SELECT m.digits AS m_digits, m.place AS m_place, s.* "
                    + "FROM m JOIN \(name) AS s ON \(condition); ANALYZE sample_\(name)")
        }
    }

    /// Texts are taken over with the digits of the sample's number replaced, all else as it is.
    private func multiply(_ connection: PostgresConnection, _ range: Range<Int>) throws {
        for (name, _) in Self.tables {
            let rows = try connection.query(
                """
                SELECT column_name::text, data_type = 'text' FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = '\(name)' AND is_identity = 'NO' ORDER BY ordinal_position
                """)
            let columns = try rows.map { row in (name: try row.text(0), isText: try row.bool(1)) }
            let list = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let values = columns.map { column in
                if column.name == "rows" { return "'{}'" }
                return column.isText
                    ? "replace(s.\"\(column.name)\", s.m_digits, (10000000 + i)::text)" : "s.\"\(column.name)\""
            }
            try connection.execute(
                """
                INSERT INTO \(name) (\(list)) SELECT \(values.joined(separator: ", "))
                FROM generate_series(\(range.lowerBound), \(range.upperBound - 1)) AS i
                JOIN sample_\(name) AS s ON s.m_place = i % (SELECT count(*) FROM m)
                """)
        }
    }

    /// Indexes are made when all rows are there, which is faster.
    private func indexes(_ connection: PostgresConnection) throws -> [(drop: String, make: String)] {
        let names = Self.tables.map { "'\($0.name)'" }.joined(separator: ", ")
        let rows = try connection.query(
            """
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid::regclass::text IN (\(names))
            UNION ALL
            SELECT format('DROP INDEX %I', i.indexname), i.indexdef FROM pg_indexes AS i
            WHERE i.tablename IN (\(names)) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)
            """)
        return try rows.map { row in (try row.text(0), try row.text(1)) }
    }
}
