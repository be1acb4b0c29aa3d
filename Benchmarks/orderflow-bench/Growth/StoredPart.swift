internal import Postgres

/// The lifecycle mix beside so many orders that are stored already; and beside a large inbox.
struct StoredPart {
    private var runs: [(count: Int, runs: [Run])] = []
    private var inbox: (count: Int, runs: [Run])

    /// How many sizes are measured, for the progress: none is measured first and last.
    static func steps(_ sizes: [Int]) -> Int { sizes.count + 3 }

    init(_ session: Session, sizes: [Int], inbox rows: Int, orders: Int, rounds: Int) throws {
        inbox = (rows, [])
        runs = try ([0] + sizes).map { size in
            (size, try Self.measure(session, "\(size.grouped) orders stored", size, orders, rounds))
        }
        inbox.runs = try Self.measure(session, "\(rows.grouped) inbox rows", 0, orders, rounds) { connection in
            try Self.fillInbox(connection, rows)
        }
        // What the machine does meanwhile falls on both ends.
        runs[0].runs += try Self.measure(session, "none stored, again", 0, orders, rounds)
    }

    private static func measure(
        _ session: Session, _ title: String, _ size: Int, _ orders: Int, _ rounds: Int,
        prepare: (PostgresConnection) throws -> Void = { _ in }
    ) throws -> [Run] {
        session.progress.begin(title)
        let stored = StoredOrders(session.servers, session.database, count: size)
        if size > 0 { try stored.make() }
        try session.database.refresh(from: size > 0 ? stored.template : nil)
        try prepare(try session.servers.connect(database: session.database.name))
        let runs = try (0..<max(rounds, 1)).map { round in
            let first = LoadOrder.firstNumber + round * 2 * orders
            let workload = Workload(.lifecycle, seed: session.seed, orders: orders, firstNumber: first)
            return try Contest(.ours, workload).run(session.servers, session.database.name)
        }
        session.progress.end("\(title): \(Int(Spread(runs.map(\.messagesPerSecond)).median).grouped) messages/s")
        return runs
    }

    private static func fillInbox(_ connection: PostgresConnection, _ rows: Int) throws {
        let portion = 500_000
        try connection.execute("SET synchronous_commit = off")
        for start in stride(from: 0, to: rows, by: portion) {
            Terminal.tick("filling the inbox: \(start.grouped) of \(rows.grouped)")
            try connection.execute(
                """
                INSERT INTO inbox (source, id, part, content_hash, received_at)
                SELECT (ARRAY['storefront', 'gateway-alipay', 'wms-east'])[1 + i % 3],
                    'shop/' || (10000000 + i / 3) || '-seen', 0, md5(i::text)::uuid,
                    now() - (\(rows) - i) * interval '13 days' / \(rows)
                FROM generate_series(\(start), \(min(start + portion, rows) - 1)) AS i
                """)
        }
        Terminal.endTicks()
        try connection.execute("VACUUM ANALYZE inbox")
        try connection.execute("CHECKPOINT")
    }

    var section: Report.Section {
        var section = Report.Section(title: "What is stored already")
        section.note = "Rounds on one copy of the template each; none stored is measured first and last."
        for (count, runs) in runs {
            section.figures.append(
                Figure(
                    "stored.\(count).messages", "\(count.grouped) orders stored: messages/s", .absolute,
                    runs.map(\.messagesPerSecond)))
        }
        section.figures.append(
            Figure(
                "inbox.messages", "\(inbox.count.grouped) rows in the inbox: messages/s", .absolute,
                inbox.runs.map(\.messagesPerSecond)))
        section.figures += [
            Figure("stored.ratio", "most orders stored against none", .ratio, ratios(runs.last?.runs ?? [])),
            Figure("inbox.ratio", "the large inbox against an empty one", .ratio, ratios(inbox.runs)),
        ]
        let points = runs.map { count, runs in
            Chart.Point(x: Double(count) / 1e6, y: Spread(runs.map(\.messagesPerSecond)).median)
        }
        section.charts = [
            Chart(
                name: "stored", title: "Speed beside orders that are stored", xTitle: "million orders stored",
                yTitle: "messages/s", lines: [.init(title: "orderflow", points: points)])
        ]
        return section
    }

    /// Against the median of none stored.
    private func ratios(_ measured: [Run]) -> [Double] {
        let none = Spread(runs[0].runs.map(\.messagesPerSecond)).median
        return measured.map { $0.messagesPerSecond / none }
    }
}
