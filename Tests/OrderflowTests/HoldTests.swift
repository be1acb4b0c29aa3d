import ArgumentParser
import OrderCore
import Postgres
import TestServers
import Testing

@testable import orderflow

@Suite("Holds, as staff meet them")
struct HoldTests {
    private static let shop = [
        #"{"type":"channel.updated.v1","source":"erp","id":"1","data":{"code":"shop","revision":1,"active":true,"policy":{"onInvalid":"hold"}}}"#,
        #"{"type":"order.placed.v1","source":"storefront","id":"order-1","routingKey":"order.internal","data":{"orderNumber":"shop/1","placedAt":"2026-11-21T07:00:00Z","currency":"CNY","receiver":{"name":"Li","phone":"1","city":"Shanghai","address":"1 Road"},"lines":[{"line":1,"sku":"TEA","quantity":1,"unitPriceMinor":1000}],"amounts":{"goodsMinor":1000,"payableMinor":1000}}}"#,
    ]

    @Test("are listed by reason and age, and explained: what it means, which message opened it, what closes it")
    func explained() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                for line in Self.shop {
                    _ = try program.run("send", "-", input: line)
                    try waitUntil("it is taken") {
                        try installation.connect().query("SELECT count(*) FROM inbox").only().int(0) > 0
                    }
                }
                try waitUntil("the order is held") {
                    try program.run("hold", "list", "--reason", "unknown_sku").output.contains("shop/1")
                }
                try installation.connect().execute("UPDATE holds SET opened_at = now() - interval '51 hours'")
                #expect(try program.run("hold", "list", "--older-than", "2d").output.contains("2d 3h"))
                #expect(try program.run("hold", "list", "--older-than", "3d").output.isEmpty)
                #expect(
                    try program.run("hold", "list", "--summary", "--older-than", "2d").output.contains("unknown_sku"))
                let explained = try program.run("hold", "explain", "shop/1")
                for text in [
                    "no product has the SKU of a line", "storefront order-1", "orderflow order retry shop/1",
                    "product.updated",
                ] {
                    #expect(explained.output.contains(text), "\(explained.summary)")
                }
                #expect(try program.run("hold", "explain", "shop/2").status == 1)
            }
        }
    }

    @Test("what waits is listed by order and by what it waits for, with its age")
    func parked() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            try installation.connect().execute(
                """
                INSERT INTO parked (source, id, part, order_number, waits_for, queue, type, headers, body, received_at, deadline)
                SELECT 'g', 'm' || n, 0, 'shop/' || n, CASE n WHEN 1 THEN 'order' ELSE 'replay' END, 'payments.callbacks',
                    'payment.captured.v1', '{}', '', now() - n * interval '25 hours', now()
                FROM generate_series(1, 3) AS n
                """)
            let program = installation.program
            func listed(_ arguments: String...) throws -> [Substring] {
                Array(try program.run(["parked", "list"] + arguments).output.split(separator: "\n").dropFirst())
            }
            #expect(try listed().count == 3)
            #expect(try listed("--waits-for", "replay").count == 2)
            let one = try listed("--order", "shop/1")
            #expect(one.count == 1 && one[0].contains("1d 1h"), "\(one)")
        }
    }

    @Test("a reason is explained without a database, and a word that is none is told")
    func reasons() async throws {
        try await onThread { () throws in
            let all = try Program().run("hold", "explain")
            for reason in HoldReason.allCases { #expect(all.output.contains(reason.rawValue)) }
            let stock = try Program().run("hold", "explain", "out_of_stock")
            #expect(
                stock.output.contains("order cancel NUMBER") && !stock.output.contains("override"), "\(stock.summary)")
            #expect(try Program().run("hold", "explain", "out_of_luck").status == 2)
        }
    }

    @Test("every reason says what it means, and offers an override only where the domain allows one")
    func guides() {
        for reason in HoldReason.allCases {
            let guide = reason.guide
            #expect(!guide.meaning.isEmpty && !guide.closesItself.isEmpty, "\(reason)")
            let commands = guide.ways.map { $0.command("shop/1") }
            #expect(reason == .cancelling || !commands.isEmpty, "\(reason)")
            #expect(reason.isOverridable || !commands.contains { $0.contains("override") }, "\(reason)")
            for command in commands { #expect((try? Orderflow.parseAsRoot(words(command))) != nil, "\(command)") }
        }
    }

    /// A command as the shell gives it to the program, with who and why.
    private func words(_ command: String) -> [String] {
        command.replacing("MINOR", with: "5").split(separator: " ").dropFirst().map(String.init)
            + ["--by", "a", "--reason", "b"]
    }
}
