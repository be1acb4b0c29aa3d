import Postgres
import TestServers
import Testing

@testable import orderflow

@Suite("What rules did, and would do")
struct RuleStoryTests {
    /// An order that is paid, and one that rules reject.
    private static let orders = [
        placed("5", "shop/1", quantity: 2),
        #"{"type":"payment.captured.v1","source":"gateway","id":"6","data":{"gateway":"alipay","transactionId":"T1","orderNumber":"shop/1","amountMinor":2000,"currency":"CNY","occurredAt":"2026-11-21T07:01:00Z","operationId":"op"}}"#,
        placed("7", "shop/2", quantity: 6),
    ]

    private static func placed(_ id: String, _ number: String, quantity: Int) -> String {
        let goods = quantity * 1000
        return """
            {"type":"order.placed.v1","source":"storefront","id":"\(id)","routingKey":"order.internal","data":{\
            "orderNumber":"\(number)","placedAt":"2026-11-21T07:00:00Z","currency":"CNY","receiver":{"name":"王小明",\
            "phone":"13800000000","city":"上海","address":"世纪大道 100 号"},"lines":[{"line":1,"sku":"TEA",\
            "quantity":\(quantity),"unitPriceMinor":1000}],"amounts":{"goodsMinor":\(goods),"payableMinor":\(goods)}}}
            """
    }

    private static let rules = """
        rules:
          - {name: bulk, phase: validate, when: {anyLine: {quantity: {above: 5}}}, then: {reject: too many}}
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 1000}}, then: {hold: high_value}}
          - name: far
            phase: review
            when: {any: [{receiver.city: 拉萨}, {remark: {contains: 加急}}], not: {payment.state: unpaid}}
            then: {hold: blocked_area}
          - {name: by-air, phase: carrier, priority: 10, when: {warehouse: [BJ1, TP1]}, then: {carrier: sf}}
          - {name: usual, phase: carrier, then: {carrier: yto}}
          - {name: quiet, phase: output, when: {event: order.paid}, then: {leaveOut: storefront}}
        """

    private static let other = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 5000}}, then: {hold: high_value}}
          - {name: tea, phase: gift, when: {allLines: {sku: TEA}}, then: {gift: {sku: TEA}}}
          - {name: far, phase: review, when: {receiver.city: 拉萨}, then: {hold: blocked_area}}
          - {name: by-air, phase: carrier, priority: 10, when: {warehouse: SH1}, then: {carrier: sf}}
          - {name: usual, phase: carrier, then: {carrier: yto}}
        lists: {remote: [西藏]}
        """

    /// Publishes the rules, and lets both orders flow by them.
    private func withOrders(
        _ body: @Sendable @escaping (Installation, Folder) throws -> Void
    ) async throws {
        try await Installation.use { installation in
            try installation.migrate()
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("rules.yaml", Self.rules)
            try installation.publish(folder)
            try installation.withWorker { program in
                try OpeningDay.begin(program)
                _ = try program.run("send", "-", input: Self.orders.joined(separator: "\n"))
                try waitUntil("the order is held") { try program.run("hold", "list").output.contains("high_value") }
                let connection = try installation.connect()
                try waitUntil("the other is rejected") {
                    try connection.query("SELECT count(*) FROM orders WHERE status = 'rejected'").only().int64(0) == 1
                }
            }
            try body(installation, folder)
        }
    }

    @Test(
        "an order tells which rule decided what, and how every rule comes out: of its parts and events, of then and now"
    )
    func explained() async throws {
        try await withOrders { installation, folder in
            let program = installation.program
            let explained = try program.run("rules", "explain", "shop/1").output
            #expect(explained.contains("held for review"), "\(explained)")
            #expect(explained.contains("amounts.payable at least 1000: yes"))
            #expect(explained.contains("receiver.city is 拉萨: no (receiver.city is 上海); remark contains 加急: no"))
            #expect(explained.contains("warehouse in [BJ1, TP1]: no (warehouse is SH1)"), "\(explained)")
            #expect(explained.contains("carrier   shop/1-F1"))
            #expect(explained.contains("event is order.paid: yes"))
            #expect(explained.contains("event is order.paid: no (event is order.accepted)"))
            let event = try program.run("rules", "explain", "shop/1", "--phase", "output", "--event", "order.shipped")
            #expect(event.output.contains("no (event is order.shipped)"), "\(event.summary)")
            #expect(!event.output.contains("order.accepted"), "\(event.summary)")
            #expect(try program.run("rules", "explain", "shop/1", "--event", "order.lost").status == 2)

            // What it was by then: other rules count by now, and the receiver is another.
            try folder.write("rules.yaml", Self.other)
            try installation.publish(folder)
            try installation.connect().execute("UPDATE order_contacts SET city = '拉萨'")
            let now = try program.run("rules", "explain", "shop/1", "--phase", "review")
            #expect(now.output.contains("THE RULES NOW (V2)"), "\(now.summary)")
            #expect(now.output.contains("amounts.payable at least 5000: no"), "\(now.summary)")
            #expect(now.output.contains("receiver.city is 拉萨: yes"), "\(now.summary)")
            let then = try program.run(
                "rules", "explain", "shop/1", "--version", "1", "--as-placed", "--phase", "review")
            #expect(then.output.contains("THE RULES (V1)"), "\(then.summary)")
            #expect(then.output.contains("amounts.payable at least 1000: yes"), "\(then.summary)")
            #expect(then.output.contains("receiver.city is 拉萨: no (receiver.city is 上海)"), "\(then.summary)")
            let rejected = try program.run("rules", "explain", "shop/2", "--version", "1", "--as-placed")
            #expect(rejected.output.contains("anyLine quantity at least 6: yes (quantity is 6)"), "\(rejected.summary)")
            #expect(try program.run("rules", "explain", "shop/1", "--version", "7").status == 1)
        }
    }

    @Test(
        "other rules are tried on orders as they were placed: rejected ones with their lines, parts with their carriers"
    )
    func tried() async throws {
        try await withOrders { installation, folder in
            let program = installation.program
            let connection = try installation.connect()
            try connection.execute("UPDATE order_contacts SET city = '拉萨'")
            try folder.write("rules.yaml", Self.other)
            let csv = folder.path("changes.csv")
            let tried = try program.run("rules", "simulate", folder.path(""), "--sample", "10", "--csv", csv)
            #expect(tried.messages.contains("2 orders: v1 against"), "\(tried.summary)")
            #expect(tried.messages.contains("not looked at: who hears of events"), "\(tried.summary)")
            #expect(tried.output.contains("no more") && tried.output.contains("give 1 of TEA"), "\(tried.summary)")
            #expect(tried.output.contains("list  remote  new"), "\(tried.summary)")
            let lines = Set(folder.read("changes.csv").split(whereSeparator: \.isNewline).map(String.init))
            #expect(
                lines.sorted()
                    == [
                        #""shop/1","carrier","by-air","new","carrier sf""#,
                        #""shop/1","carrier","usual","no more","carrier yto""#,
                        #""shop/1","gift","tea","new","give 1 of TEA""#,
                        #""shop/1","review","high","no more","hold high_value: high""#,
                        #""shop/2","gift","tea","new","give 1 of TEA""#,
                        #""shop/2","validate","bulk","no more","reject: too many""#,
                        "order,phase,rule,change,effect",
                    ].sorted(), "\(lines.sorted())")

            try connection.execute(
                """
                UPDATE message_log SET body = NULL WHERE type LIKE 'order.placed%';
                UPDATE orders SET placed_at = now() - interval '6 days' WHERE number = 'shop/2';
                UPDATE orders SET placed_at = now() - interval '8 days' WHERE number = 'shop/1';
                """)
            let lost = try program.run("rules", "simulate", folder.path(""), "--orders", "7 days")
            #expect(lost.messages.contains("1 order: v1 against"), "\(lost.summary)")
            #expect(lost.messages.contains("not looked at: 1 rejected order"), "\(lost.summary)")
            #expect(lost.messages.contains("no rule would answer otherwise"), "\(lost.summary)")
            let wrong = try program.run("rules", "simulate", folder.path(""), "--orders", "7 parsecs")
            #expect(wrong.status == 2, "\(wrong.summary)")
            let closed = ["rules", "simulate", folder.path(""), "--sample", "9", "--csv", "/nowhere/changes.csv"]
            let unwritable = try program.run(closed)
            #expect(unwritable.status == 2 && !unwritable.messages.contains("against"), "\(unwritable.summary)")
        }
    }

    @Test("commands that only read can change nothing")
    func readOnly() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            var configuration = Configuration()
            let url = TestServers.postgresURL(database: installation.name)
            configuration.set(Setting(value: url, origin: .standard), for: SettingKeys.postgresURL)
            let connection = try configuration.connectDatabase(isReading: true)
            let error = #expect(throws: PostgresError.self) { try connection.execute("DELETE FROM rule_versions") }
            #expect(error?.description.contains("read-only") == true)
        }
    }

    @Test("what counts and can't be read by this program is told, wherever other rules would be compared with it")
    func unreadable() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("rules.yaml", Self.rules)
            let program = installation.program
            let none = try program.run("rules", "simulate", folder.path(""), "--sample", "10")
            #expect(none.status == 0 && none.messages.contains("0 orders: none against"), "\(none.summary)")
            try installation.connect().execute(
                """
                INSERT INTO rule_versions (version, published_by, note) VALUES (1, 'ann', 'by a newer program');
                INSERT INTO rule_files (version, name, text)
                    VALUES (1, 'rules.yaml', 'rules: [{name: x, phase: teleport, then: {beam: up}}]');
                """)
            let tried = try program.run("rules", "simulate", folder.path(""), "--sample", "10")
            #expect(tried.status == 1 && tried.messages.contains("version 1 can't be read"), "\(tried.summary)")
        }
    }
}

extension Installation {
    /// Publishes the rules of a folder.
    fileprivate func publish(_ folder: Folder) throws {
        let result = try program.run(
            "rules", "publish", folder.path(""), "--by", "ann", "--note", "a test", "--yes")
        guard result.status == 0 else { throw ProgramError(result.summary) }
    }
}
