internal import OrderStore
internal import Postgres

/// The databases of the benchmark: a template, made once, and a copy of it for each run.
struct BenchDatabase {
    private let servers: Servers
    let template: String
    /// The copy.
    let name: String

    init(_ servers: Servers) throws {
        self.servers = servers
        let connection = try servers.connect()
        let own = try connection.query("SELECT current_database()").only().text(0)
        template = own
        name = own + "_run"
    }

    /// Refuses a server that would make us fast by forgetting.
    func checkDurability() throws {
        let connection = try servers.connect()
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let value = try connection.query("SELECT current_setting('\(setting)')").only().text(0)
            guard value == "on" else { throw BenchFailure("\(setting) is \(value): it must be on") }
        }
    }

    /// Migrates the template and fills it: goods, stock, one warehouse, one shop, one partner.
    func makeTemplate() throws {
        let connection = try servers.connect()
        try Migrator(Migrations.all).migrate(connection)
        try connection.execute(Self.seed)
    }

    /// A new copy in place of the last.
    ///
    /// - Parameter other: another template than ours.
    func refresh(from other: String? = nil) throws {
        try copy(other ?? template, to: name)
    }

    /// A copy of the template, or of another, under another name.
    func copy(from other: String? = nil, to name: String) throws { try copy(other ?? template, to: name) }

    private func copy(_ template: String, to name: String) throws {
        let connection = try servers.connect(database: "postgres")
        try connection.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        // By files: what is large would be written to the WAL otherwise.
        try connection.execute("CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY file_copy")
        // What was copied is not to be written while the clock runs.
        try connection.execute("CHECKPOINT")
    }

    /// Removes the copy, or another one.
    func remove(_ other: String? = nil) throws {
        try servers.connect(database: "postgres").execute("DROP DATABASE IF EXISTS \(other ?? name) WITH (FORCE)")
    }

    private static let policy = """
        1, true, 'hold', 86400, 0, 0, 0, 'gateway', 'cancel', false, 'delivered', 604800, 2592000, 0, 86400, 14400, 3600,
        604800
        """
    private static let policyColumns = """
        kind, code, revision, is_active, on_invalid, payment_timeout, payment_tolerance, price_tolerance, release_delay,
        capture, on_short, allows_split_backorders, receipt, auto_receive_after_delivery, auto_receive_after_shipping,
        review_window, no_answer_after, hand_over_in_doubt_after, in_doubt_after, cash_within
        """
    private static let seed = """
        INSERT INTO sellers (\(policyColumns)) VALUES ('internal', 'shop', \(policy)), ('external', 'partner', \(policy));
        INSERT INTO warehouses (code, revision, is_active, priority) VALUES ('east', 1, true, 10);
        INSERT INTO products (sku, revision, is_listed, type, prices, price_currency)
            SELECT 'SKU-' || n, 1, true, 'physical', '{"*": \(Goods.price)}', 'CNY'
            FROM generate_series(100000, \(100_000 + Goods.count - 1)) AS n;
        INSERT INTO stock (sku, warehouse, on_hand, reserved, safety, missing, low_threshold, event_counts)
            SELECT sku, 'east', 100000000, 0, 0, 0, 0, '{}' FROM products;
        INSERT INTO stock_journal (sku, warehouse, kind, on_hand, reserved, missing)
            SELECT sku, 'east', 'receive', 100000000, 0, 0 FROM products;
        ANALYZE;
        """
}
