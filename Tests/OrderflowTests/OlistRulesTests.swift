import Glibc
import Postgres
import TestServers
import Testing

/// The published orders, where they are at hand.
private let realOrdersFolder = getenv("ORDERFLOW_SHARED").map { String(cString: $0) + "/data/olist" }

/// What the published files say of sellers, receivers and items.
private struct RealOrders {
    /// By state.
    var sellers: [String: [String]] = [:]
    /// The states that buyers live in, by order.
    var states: [String: String] = [:]
    /// `seller line` of each item, by order.
    var items: [String: Set<String>] = [:]
    /// Orders whose items are of several sellers.
    var ofSeveralSellers: Set<String> = []

    init(folder: String) {
        for row in Self.rows(folder + "/olist_sellers_dataset.csv") {
            sellers[row[row.count - 1], default: []].append(row[0])
        }
        var states: [String: String] = [:]
        for row in Self.rows(folder + "/olist_customers_dataset.csv") { states[row[0]] = row[row.count - 1] }
        for row in Self.rows(folder + "/olist_orders_dataset.csv") { self.states[row[0]] = states[row[1]] }
        var ofOrder: [String: Set<String>] = [:]
        for row in Self.rows(folder + "/olist_order_items_dataset.csv") {
            items[row[0], default: []].insert("\(row[3]) \(row[1])")
            ofOrder[row[0], default: []].insert(row[3])
        }
        ofSeveralSellers = Set(ofOrder.filter { $0.value.count > 1 }.keys)
    }

    /// Keys and states, the first columns and the last, are never quoted text with commas.
    private static func rows(_ path: String) -> [[String]] {
        (Folder.read(file: path) ?? "").split(whereSeparator: \.isNewline).dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { String($0.replacing("\"", with: "")) }
        }
    }

    /// What the sellers of the buyer's own state have comes from them, the rest from wherever it is.
    var rules: String {
        let near = sellers.sorted { $0.key < $1.key }.map { state, sellers in
            """
              - name: near-\(state)
                phase: source
                priority: 10
                when: {receiver.province: \(state)}
                then:
                  source:
                    steps:
                      - {warehouses: [\(sellers.sorted().joined(separator: ", "))], partial: true}
                      - {}
            """
        }
        let elsewhere = "  - {name: elsewhere, phase: source, then: {source: {steps: [{}]}}}"
        return (["rules:"] + near + [elsewhere]).joined(separator: "\n") + "\n"
    }

    /// The rule that is to source an order.
    func rule(of order: String) -> String {
        let state = states[order] ?? ""
        return sellers[state] == nil ? "elsewhere" : "near-\(state)"
    }
}

@Suite("Real orders, sourced by rules")
struct OlistRulesTests {
    @Test(
        "with rules that go by the sellers' states each order of several sellers is split as its sellers shipped it",
        .enabled(if: realOrdersFolder != nil, "ORDERFLOW_SHARED is not set"))
    func splitBySellers() async throws {
        let folder = try #require(realOrdersFolder)
        let real = RealOrders(folder: folder)
        #expect(real.ofSeveralSellers.count == 11)
        try await Installation.use { installation in
            try installation.setUp()
            let rules = try Folder()
            defer { rules.remove() }
            try rules.write("rules.yaml", real.rules)
            let publish = ["rules", "publish", rules.path(""), "--by", "ann", "--note", "by state", "--yes"]
            let published = try installation.program.run(publish)
            #expect(published.status == 0, "\(published.summary)")
            let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            let mapping = root.joined(separator: "/") + "/config/imports/olist.yaml"
            try installation.withWorker(environment: ["ORDERFLOW_SECURITY_SOURCES": "import/olist=olist"]) { program in
                let sent = try program.run(["import", "--mapping", mapping, folder])
                #expect(sent.status == 0, "\(sent.summary)")
                let database = try installation.connect()
                defer { database.close() }
                try waitUntil("all is taken", within: 120) {
                    try database.query("SELECT count(*)::int FROM inbox").only().int(0) == 5_935
                }
                try Self.check(real, database)
                let audit = try program.run("audit")
                #expect(audit.status == 0, "\(audit.summary)")
            }
        }
    }

    private static func check(_ real: RealOrders, _ database: PostgresConnection) throws {
        var parts: [String: Set<String>] = [:]
        let lines = """
            SELECT split_part(l.order_number, '/', 2), f.warehouse || ' ' || l.line
            FROM fulfilment_lines AS l JOIN fulfilments AS f ON f.id = l.fulfilment_id WHERE l.quantity = 1
            """
        for row in try database.query(lines) { parts[try row.text(0), default: []].insert(try row.text(1)) }
        let wrong = real.items.filter { parts[$0.key] != $0.value }.map(\.key)
        #expect(wrong.isEmpty, "split otherwise than in the files: \(wrong.sorted().prefix(5))")

        var sourced: [String: Set<String>] = [:]
        let decisions = "SELECT split_part(order_number, '/', 2), rule FROM rule_decisions WHERE phase = 'source'"
        for row in try database.query(decisions) { sourced[try row.text(0), default: []].insert(try row.text(1)) }
        let other = real.items.keys.filter { sourced[$0] != [real.rule(of: $0)] }
        #expect(other.isEmpty, "sourced by other rules: \(other.sorted().prefix(5))")

        let several = Parameter.textArray(real.ofSeveralSellers.map { "olist/\($0)" })
        let unequal = try database.query(
            """
            SELECT count(*) FILTER (WHERE parts <> sellers), count(*) FILTER (WHERE share + shipping <> payable)
            FROM (
                SELECT o.payable, o.shipping, count(DISTINCT f.id) AS parts, count(DISTINCT f.warehouse) AS sellers,
                    sum(n.share) AS share
                FROM orders AS o JOIN fulfilment_lines AS l ON l.order_number = o.number
                JOIN fulfilments AS f ON f.id = l.fulfilment_id
                JOIN order_lines AS n ON n.order_number = o.number AND n.number = l.line
                WHERE o.number = ANY ($1) GROUP BY o.number
            ) AS s
            """, [several]
        ).only()
        #expect(try unequal.int(0) == 0 && unequal.int(1) == 0)
        let statuses = try database.query(
            "SELECT count(*) FILTER (WHERE status = 'completed')::int, count(*)::int FROM orders"
        ).only()
        #expect(try (statuses.int(0), statuses.int(1)) == (648, 1_003))
    }
}
