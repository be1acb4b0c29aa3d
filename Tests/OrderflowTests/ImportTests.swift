import Glibc
import Postgres
import TestServers
import Testing

/// The published orders, where they are at hand.
private let realOrdersFolder = getenv("ORDERFLOW_SHARED").map { String(cString: $0) + "/data/olist" }

@Suite("Importing")
struct ImportTests {
    private static let mapping = """
        name: small
        zone: UTC
        currency: EUR
        inputs:
          lines: {file: lines.csv, columns: [order, line, price], accountedBy: order placed}
          orders: {group: lines, by: order, many: {lines: {from: lines, on: order}}}
        stages:
          - name: reference
            messages:
              - name: channel
                to: reference.update
                type: channel.updated.v1
                id: channel
                data: {code: small, revision: 1, policy: {onInvalid: hold}}
          - name: orders
            messages:
              - name: order placed
                for: orders
                to: order.internal
                type: order.placed.v1
                id: "placed/{order}"
                data:
                  orderNumber: "small/{order}"
                  placedAt: 2026-01-01T00:00:00Z
                  currency: EUR
                  lines: {$each: lines, as: {line: {$integer: "{line}"}, sku: a, quantity: 1, unitPriceMinor: {$minor: "{price}"}}}
        totals:
          goodsMinor: {of: lines, value: {$minor: "{price}"}}
        """

    /// A small export, and the arguments that name it.
    private struct Export {
        let folder: Folder
        private static let names = ["small.yaml", "lines.csv", "refused.csv", "refused.csv.state"]

        init(lines: String) throws {
            folder = try Folder()
            try folder.write("small.yaml", ImportTests.mapping)
            try folder.write("lines.csv", lines)
        }

        var arguments: [String] { ["--mapping", folder.path("small.yaml"), folder.path("lines.csv")] }
        var report: [String] { ["--report", folder.path("refused.csv")] }

        func remove() {
            for name in Self.names { unlink(folder.path(name)) }
            folder.remove()
        }
    }

    /// Runs a body while a worker runs.
    private func withWorker(_ program: Program, _ body: () throws -> Void) throws {
        let folder = try Folder()
        defer { folder.remove() }
        let worker = try program.start(["worker", "--lanes", "1"], in: folder)
        defer {
            worker.signal(SIGTERM)
            _ = worker.wait()
        }
        try body()
    }

    @Test("waits for a worker between stages, goes on where it was stopped, and is harmless a second time")
    func stages() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let export = try Export(lines: "order,line,price\n1,1,2.50\n1,2,1.00\n2,1,x\n3,1,4.00\n3\n")
            defer { export.remove() }
            let program = installation.program
            let alone = try program.run(["import"] + export.arguments + export.report + ["--patience", "1"])
            #expect(alone.status == 4, "\(alone.summary)")
            #expect(alone.messages.contains("no worker has taken any of the 1 messages left of stage reference"))
            #expect(try installation.depth(of: "orders.internal") == 0)
            #expect(export.folder.read("refused.csv.state").hasSuffix(" 1\n"))

            try withWorker(program) {
                let whole = try program.run(["import"] + export.arguments + export.report)
                #expect(whole.status == 1, "\(whole.summary)")
                #expect(whole.messages.contains("going on after 1 messages that were confirmed"))
                #expect(whole.messages.contains("3 messages made, 2 sent and confirmed, 1 by an earlier run"))
                #expect(export.folder.read("refused.csv.state").isEmpty)
                let refused = export.folder.read("refused.csv")
                #expect(refused.contains("lines.csv,6,lines,,\"expected 3 columns, got 1\""), "\(refused)")
                #expect(refused.contains("lines.csv,4,lines,order placed,"), "\(refused)")

                let again = try program.run(["import"] + export.arguments)
                #expect(again.messages.contains("3 messages made, 3 sent and confirmed"), "\(again.summary)")
                let database = try installation.connect()
                defer { database.close() }
                try waitUntil("the orders are there") {
                    try database.query("SELECT count(*)::int FROM orders").only().int(0) == 2
                }
                #expect(try database.query("SELECT count(*)::int FROM inbox").only().int(0) == 3)
                #expect(try database.query("SELECT count(*)::int FROM conflicts").only().int(0) == 0)

                let report = try program.run(["import", "report", "--orders"] + export.arguments)
                #expect(report.status == 1, "\(report.summary)")
                #expect(
                    report.messages.contains("goodsMinor: 750 in the files, 750 applied and 0 waiting, 1 rows without"))
                #expect(report.output.contains("small/3"))
            }
        }
    }

    @Test("mistakes in the mapping and missing files end it before anything is sent")
    func mistakes() async throws {
        try await Installation.use { installation in
            let export = try Export(lines: "order,line,cost\n")
            defer { export.remove() }
            let column = try installation.program.run(["import"] + export.arguments)
            #expect(column.status == 2)
            #expect(column.messages.contains("lines.csv:1: the file has no column \"price\" (input lines)"))
            try export.folder.write("small.yaml", Self.mapping + "\nnothing: 1\n")
            let key = try installation.program.run(["import"] + export.arguments)
            #expect(key.status == 2)
            #expect(key.messages.contains("small.yaml"))
        }
    }

    @Test(
        "every row of the real orders is accounted for, and each order has the status that its dates and payments justify",
        .enabled(if: realOrdersFolder != nil, "ORDERFLOW_SHARED is not set"))
    func realOrders() async throws {
        let folder = try #require(realOrdersFolder)
        try await Installation.use { installation in
            try installation.setUp()
            var program = installation.program
            program.environment["ORDERFLOW_SECURITY_SOURCES"] = "import/olist=olist"
            let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            let source = ["--mapping", root.joined(separator: "/") + "/config/imports/olist.yaml", folder]
            let done = program
            try withWorker(program) {
                let sent = try done.run(["import"] + source)
                #expect(sent.status == 0, "\(sent.summary)")
                #expect(sent.messages.contains("5935 messages made, 5935 sent and confirmed"))
                let database = try installation.connect()
                defer { database.close() }
                try waitUntil("all is taken", within: 60) {
                    try database.query("SELECT count(*)::int FROM inbox").only().int(0) == 5_935
                }
                var statuses: [String: Int] = [:]
                for row in try database.query("SELECT status, count(*)::int FROM orders GROUP BY status") {
                    statuses[try row.text(0)] = try row.int(1)
                }
                #expect(
                    statuses == [
                        "completed": 648, "shipped": 149, "released": 107, "awaiting_release": 71, "cancelled": 26,
                        "awaiting_payment": 2,
                    ])
                let report = try done.run(["import", "report"] + source)
                #expect(report.status == 0, "\(report.summary)")
                #expect(report.messages.contains("every row is accounted for, and the sums are those of the files"))
                let audit = try done.run("audit")
                #expect(audit.status == 0, "\(audit.summary)")
            }
        }
    }
}
