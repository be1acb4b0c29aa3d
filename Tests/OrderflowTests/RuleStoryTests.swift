import Postgres
import TestServers
import Testing

@Suite("What rules did, and would do")
struct RuleStoryTests {
    private static let order = [
        #"{"type":"order.placed.v1","source":"storefront","id":"5","routingKey":"order.internal","data":{"orderNumber":"shop/1","placedAt":"2026-11-21T07:00:00Z","currency":"CNY","receiver":{"name":"王小明","phone":"13800000000","city":"上海","address":"世纪大道 100 号"},"lines":[{"line":1,"sku":"TEA","quantity":2,"unitPriceMinor":1000}],"amounts":{"goodsMinor":2000,"payableMinor":2000}}}"#,
        #"{"type":"payment.captured.v1","source":"gateway","id":"6","data":{"gateway":"alipay","transactionId":"T1","orderNumber":"shop/1","amountMinor":2000,"currency":"CNY","occurredAt":"2026-11-21T07:01:00Z","operationId":"op"}}"#,
    ]

    private static let rules = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 1000}}, then: {hold: high_value}}
          - {name: far, phase: review, when: {receiver.city: 拉萨}, then: {hold: blocked_area}}
        """

    private static let other = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 5000}}, then: {hold: high_value}}
          - {name: tea, phase: gift, when: {anyLine: {sku: TEA}}, then: {gift: {sku: TEA}}}
        """

    @Test("an order tells which rule decided what, and how every rule comes out; other rules are tried on it")
    func explained() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("rules.yaml", Self.rules)
            let publish = ["rules", "publish", folder.path(""), "--by", "ann", "--note", "a test", "--yes"]
            let published = try installation.program.run(publish)
            #expect(published.status == 0, "\(published.summary)")
            try installation.withWorker { program in
                _ = try program.run("send", "-", input: OpeningDay.messages.joined(separator: "\n"))
                try waitUntil("stock") {
                    try program.run("stock", "show", "-o", "json").output.contains(#""onHand":10"#)
                }
                _ = try program.run("send", "-", input: Self.order.joined(separator: "\n"))
                try waitUntil("the order is held") { try program.run("hold", "list").output.contains("high_value") }

                let explained = try program.run("rules", "explain", "shop/1")
                #expect(explained.output.contains("held for review"), "\(explained.summary)")
                #expect(explained.output.contains("amounts.payable at least 1000: yes"), "\(explained.summary)")
                #expect(explained.output.contains("receiver.city is 拉萨: no (receiver.city is 上海)"))

                try folder.write("rules.yaml", Self.other)
                let csv = folder.path("changes.csv")
                let tried = try program.run("rules", "simulate", folder.path(""), "--sample", "10", "--csv", csv)
                #expect(tried.messages.contains("1 orders: v1 against"), "\(tried.summary)")
                #expect(tried.output.contains("no more") && tried.output.contains("give 1 of TEA"), "\(tried.summary)")
                #expect(folder.read("changes.csv").contains(#""shop/1","review","high","no more","hold high_value""#))
                let none = try program.run("rules", "simulate", folder.path(""), "--orders", "7 parsecs")
                #expect(none.status == 2, "\(none.summary)")
            }
        }
    }

    @Test("what counts and can't be read by this program is told, wherever other rules would be compared with it")
    func unreadable() async throws {
        try await Installation.use { installation in
            try installation.setUp()
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
