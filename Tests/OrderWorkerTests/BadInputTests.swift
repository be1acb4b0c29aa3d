import Foundation
import Postgres
import TestSite
import Testing

@Suite("P7: what can't be read is kept with its reason, and hurts itself alone")
struct BadInputTests {
    /// A body that can't be read at all, and the fault that it is grouped under.
    struct Poison: CustomTestStringConvertible, Sendable {
        let name: String
        let body: Data
        let fingerprint: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ fingerprint: String) {
            self.init(name, Data(text.utf8), fingerprint)
        }

        init(_ name: String, _ body: Data, _ fingerprint: String) {
            (self.name, self.body, self.fingerprint) = (name, body, fingerprint)
        }

        static func envelope(_ data: String, id: String = #""id":"bad","#, type: String = "order.placed.v1") -> String {
            #"{"specversion":"1.0",\#(id)"source":"shop","type":"\#(type)","data":\#(data)}"#
        }
    }

    static let poisons = [
        Poison("no JSON", "hello", "not_json"),
        Poison("an empty body", "", "not_json"),
        Poison("cut off", #"{"specversion":"1.0","id":"#, "not_json"),
        Poison("another encoding", "{}".data(using: .utf16) ?? Data(), "not_"),
        Poison("Latin-1", Poison.envelope(#"{"orderNumber":"shop/é"}"#).data(using: .isoLatin1) ?? Data(), "not_utf8"),
        Poison("without id", Poison.envelope(#"{"orderNumber":"shop/9"}"#, id: ""), "missing_identity"),
        Poison("an unknown type", Poison.envelope("{}", type: "order.frobnicated.v1"), "unknown_type"),
        Poison("an unknown version", Poison.envelope("{}", type: "order.placed.v7"), "unknown_version"),
        Poison("data that is a list", Poison.envelope("[]"), "malformed"),
        Poison("without a number", Poison.envelope("{}"), "malformed"),
        Poison("nested too deep", String(repeating: "[", count: 40), "too_deep"),
    ]

    @Test("one poison in a batch of good ones is dead with its reason; the rest commits", arguments: poisons)
    func poison(_ poison: Poison) async throws {
        try await Site.use { site in
            try site.open()
            for index in 1...10 { try site.place("shop/\(index)") }
            try site.send(body: poison.body, to: "order.internal")
            for index in 11...20 { try site.place("shop/\(index)") }
            try site.wait("the others are there") { try site.count("SELECT count(*) FROM orders") == 20 }
            try site.wait("it is dead") { try site.count("SELECT count(*) FROM dead_messages") == 1 }
            #expect(
                try site.text("SELECT fingerprint FROM dead_messages")?.hasPrefix(poison.fingerprint) == true)
            #expect(try site.text("SELECT reason FROM dead_messages")?.isEmpty == false)
            #expect(try site.database.query("SELECT body FROM dead_messages").only().bytes(0) == [UInt8](poison.body))
            try site.wait("operations hear of it") { site.sink.told("ops", "message.dead").count == 1 }
        }
    }

    @Test("a body that has no id and comes again is counted, not kept twice")
    func counted() async throws {
        try await Site.use { site in
            for _ in 1...3 { try site.send(body: Data("hello".utf8), to: "order.internal") }
            try site.wait("it was counted") { try site.text("SELECT sum(deliveries)::text FROM dead_messages") == "3" }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 1)
        }
    }

    @Test("P2: what can't be read, under an identity that was used with other content, is a conflict to see")
    func contradicting() async throws {
        try await Site.use { site in
            try site.open()
            let bodies = ["[1]", "[2]", "[1]"].map { Data(Poison.envelope($0).utf8) }
            for body in bodies { try site.send(body: body, to: "order.internal") }
            try site.wait("the second is told of") { site.sink.told("ops", "conflict.found").count == 1 }
            #expect(try site.text("SELECT string_agg(source || ' ' || message_id, ',') FROM conflicts") == "shop bad")
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 1)
            #expect(try site.database.query("SELECT body FROM dead_messages").only().bytes(0) == [UInt8](bodies[0]))
        }
    }

    @Test("a body over 1 MiB: hash, length and the first 64 KiB are recorded, the whole waits in orderflow.oversize")
    func oversize() async throws {
        try await Site.use { site in
            try site.open()
            let body = Data(repeating: 65, count: 1_300_000)
            try site.send(body: body, to: "order.internal")
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.wait("it is recorded") { try site.count("SELECT count(*) FROM dead_messages") >= 1 }
            try site.wait("it is kept whole") {
                try site.depth(of: "orderflow.oversize") == 1
            }
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 1, "recorded once")
            #expect(try site.count("SELECT body_length FROM dead_messages") == 1_300_000)
            #expect(try site.count("SELECT length(body) FROM dead_messages") == 65_536)
            #expect(try site.text("SELECT fingerprint FROM dead_messages")?.hasPrefix("too_large") == true)
            let hash = try site.text(
                "SELECT left(encode(sha256(convert_to(repeat('A', 1300000), 'UTF8')), 'hex'), 32)")
            #expect(try site.text("SELECT replace(body_hash::text, '-', '') FROM dead_messages") == hash)
        }
    }

    /// An order whose number can be read is an order, whatever else is wrong with it: rejected, with the reasons told.
    static let wrongOrders: [(String, @Sendable (inout [String: Any]) -> Void)] = [
        ("malformed", { $0["lines"] = [["line": 1, "sku": "TEA", "quantity": 0, "unitPriceMinor": 1_000]] }),
        ("malformed", { $0["lines"] = [["line": 1, "sku": "TEA", "quantity": -1, "unitPriceMinor": 1_000]] }),
        (
            "malformed",
            { $0["lines"] = [["line": 1, "sku": "TEA", "quantity": 1_000_000_000_000, "unitPriceMinor": 1_000]] }
        ),
        (
            "amount",
            {
                $0["lines"] = [
                    ["line": 1, "sku": "TEA", "quantity": 1_000_000, "unitPriceMinor": 1_000_000_000_000_000]
                ]
            }
        ),
        ("currency", { $0["currency"] = "XYZ" }),
        ("unknown_sku", { $0["lines"] = [["line": 1, "sku": "NOPE", "quantity": 1, "unitPriceMinor": 1_000]] }),
        ("receiver", { $0["receiver"] = ["name": "Li", "phone": "1"] }),
        ("placedAt", { $0["placedAt"] = "99999-01-01T00:00:00Z" }),
    ]

    @Test("an order with a wrong value is rejected with a reason, and the rest of its batch is not", arguments: 0..<8)
    func wrongOrder(index: Int) async throws {
        let (reason, change) = Self.wrongOrders[index]
        try await Site.use { site in
            try site.open()
            try site.place("shop/good")
            try site.place("shop/bad", change)
            try site.place("shop/good2")
            try site.waitFor("shop/bad", "rejected")
            try site.waitFor("shop/good", "awaiting_payment")
            try site.waitFor("shop/good2", "awaiting_payment")
            try site.wait("the storefront hears why") { site.sink.told("storefront", "order.rejected").count == 1 }
            let told = "\(site.sink.told("storefront", "order.rejected")[0].data)"
            #expect(told.contains(reason), "\(told)")
            #expect(try site.count("SELECT reserved FROM stock") == 2)
        }
    }

    @Test("a date in the year 9999 stops nothing")
    func farFuture() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1") { $0["placedAt"] = "9999-12-31T23:59:59Z" }
            try site.place("shop/2")
            try site.waitFor("shop/2", "awaiting_payment")
            try site.wait("it has an end") {
                let order = try site.status(of: "shop/1")
                return try order != nil || site.count("SELECT count(*) FROM dead_messages") == 1
            }
            try site.pay("shop/1") { $0["occurredAt"] = "9999-12-31T23:59:59Z" }
            try site.pay("shop/2")
            try site.waitFor("shop/2", "released")
        }
    }
}
