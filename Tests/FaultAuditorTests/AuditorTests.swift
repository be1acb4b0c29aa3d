import FaultAuditor
import Foundation
import Postgres
import Synchronization
import TestServers
import TestSite
import Testing

/// The auditor finds nothing where nothing is wrong, and what is wrong where something is: a judge who can't say no is none.
@Suite("The auditor of the fault suite")
struct AuditorTests {
    @Test("what was said, stored and heard in order is clean; each thing that is tampered with is found")
    func judges() async throws {
        try await Site.use { site in
            let world = try World(site)
            try world.trade()
            let clean = try world.verdict()
            #expect(clean.findings == [])
            #expect(clean.messages == 12)
            #expect(clean.events > 10)

            for tampering in Tampering.all {
                let found = try tampering.tried(on: world)
                #expect(found.contains { $0.hasPrefix(tampering.counter) }, "\(tampering.sql): \(found)")
            }
            #expect(try world.verdict().findings == [], "all is as it was")
        }
    }

    @Test("an event that nobody heard is lost, a number with two ids is a duplicate, another content is unexpected")
    func hears() async throws {
        try await Site.use { site in
            let world = try World(site)
            try world.trade()
            let heard = world.hearings
            let place = try #require(heard.firstIndex { $0.receiver == "finance" })
            let findings = { (hearings: [Hearing]) in try world.verdict(hearing: hearings).findings }

            var less = heard
            less.remove(at: place)
            let lost = try findings(less)
            #expect(lost.contains { $0.hasPrefix("lost: finance") })

            var again = heard
            again.append(heard[place])
            #expect(try findings(again) == [])
            #expect(try world.verdict(hearing: again).recovered == world.verdict().recovered + 1)

            var other = heard
            other.append(heard[place].changed { $0["time"] = "2020-01-01T00:00:00Z" })
            let changed = try findings(other)
            #expect(changed.contains { $0.contains("came again with another content") })

            var twin = heard
            twin.append(heard[place].changed { $0["id"] = "another" })
            let doubled = try findings(twin)
            #expect(doubled.contains { $0.hasPrefix("duplicated: finance") })

            var swapped = heard
            let next = try #require(
                heard.indices.first {
                    $0 > place && heard[$0].receiver == "finance" && heard[$0].subject == heard[place].subject
                })
            swapped.swapAt(place, next)
            let disordered = try findings(swapped)
            #expect(disordered.contains { $0.contains("was heard when 1 was due") })
        }
    }
}

/// A site with some trade on it, whose ledger is kept.
private final class World: @unchecked Sendable {
    private let site: Site
    private let ledger = Mutex(Ledger())

    init(_ site: Site) throws {
        self.site = site
        site.outlet = { [self] message in
            ledger.withLock {
                $0.add(
                    Ledger.Entry(
                        source: message.source, id: message.id, type: message.type, routingKey: message.key,
                        body: message.body, user: message.user))
            }
            site.sender.send(message)
        }
        try site.open(stock: 100)
    }

    /// Two orders, of which one is paid and shipped, but for a unit that its warehouse leaves out.
    func trade() throws {
        try site.place("shop/1", quantities: [3])
        try site.place("shop/2")
        try site.pay("shop/1", 3_000)
        try site.waitFor("shop/1", "released")
        try site.command("cancel_lines", "shop/1", id: "fewer") { $0["lines"] = [["line": 1, "quantity": 1]] }
        try site.wait("its warehouse is asked") { !site.sink.told("wms", "fulfilment.amend_requested").isEmpty }
        try site.report("amended", "shop/1-F1") { $0["requestId"] = "shop/1-F1.2" }
        try site.wait("its money is asked back") { !site.sink.told("payments", "refund.requested").isEmpty }
        let refund = try #require(site.sink.told("payments", "refund.requested").first?.data["requestId"] as? String)
        try site.pay("shop/1", 1_000, kind: "refunded") {
            $0["operationId"] = nil
            $0["refundId"] = refund
            $0["requestId"] = refund
        }
        try site.report("shipped", "shop/1-F1", shipment: "P1", lines: [(1, 2)]) { $0["orderNumber"] = "shop/1" }
        try site.waitFor("shop/1", "shipped")
        try site.waitUntilQuiet()
    }

    var hearings: [Hearing] { site.sink.all.map { Hearing(receiver: $0.receiver, body: Data($0.body)) } }

    func verdict(hearing: [Hearing]? = nil) throws -> Verdict {
        try Auditor(
            ledger.withLock { $0 }, hearing ?? hearings, database: site.servers.postgresURL(database: site.name)
        ).verdict()
    }

    func execute(_ sql: String) throws { try site.database.execute(sql) }
}

/// Something that no worker may do, and what it must be called.
private struct Tampering {
    let counter: String
    let sql: String

    static let all = [
        Tampering(
            "lost: order shop/2",
            "UPDATE orders SET number = 'shop/3' WHERE number = 'shop/2'"),
        Tampering(
            "unexpected: nobody placed order shop/3",
            "UPDATE orders SET number = 'shop/3' WHERE number = 'shop/2'"),
        Tampering(
            "unexpected: order shop/2 is payable",
            "UPDATE orders SET payable = 999, due = 999 WHERE number = 'shop/2'"),
        Tampering(
            "lost: captured",
            "UPDATE payment_facts SET kind = 'authorized'"),
        Tampering(
            "unexpected: captured",
            "UPDATE payment_facts SET amount = 1"),
        Tampering(
            "duplicated: captured of shop/1",
            "UPDATE orders SET captured = 4000 WHERE number = 'shop/1'"),
        Tampering(
            "lost: parcel WH1 P1",
            "UPDATE parcels SET shipment = 'P2'"),
        Tampering(
            "unexpected: parcel WH1 P1",
            "UPDATE parcels SET quantities = '{3}'"),
        Tampering(
            "unexpected: TEA in WH1: 97 on hand",
            "UPDATE stock SET on_hand = 97"),
        Tampering(
            "lost: the stock journal does not account",
            "UPDATE stock SET on_hand = 97"),
        Tampering(
            "unexpected: TEA in WH1: 2 reserved",
            "UPDATE stock SET reserved = 2"),
        Tampering(
            "lost: shop/1-F1.2 leaves 2 of line 1, shop/1-F1 has 3",
            "UPDATE fulfilment_lines SET cancelled = 0 WHERE order_number = 'shop/1'"),
        Tampering(
            "duplicated: shop/1-F1.2 leaves 2 of line 1, shop/1-F1 has 1",
            "UPDATE fulfilment_lines SET shipped = 1, cancelled = 2 WHERE order_number = 'shop/1'"),
        Tampering(
            "unexpected: line 1 of shop/1 is shipped, but not by its parts",
            "UPDATE fulfilment_lines SET shipped = 1 WHERE order_number = 'shop/1'"),
        Tampering(
            "lost: shop/1 was to be sent back 1000",
            "UPDATE orders SET refunded = 0 WHERE number = 'shop/1'"),
        Tampering(
            "duplicated: shop/1 was sent back 500 more",
            "UPDATE orders SET refunded = 1500 WHERE number = 'shop/1'"),
        Tampering(
            "lost: message shop",
            "UPDATE inbox SET source = 'x' WHERE source = 'shop' AND id = 'm-1'"),
        Tampering(
            "unexpected: nobody said message x",
            "UPDATE inbox SET source = 'x' WHERE source = 'shop' AND id = 'm-1'"),
        Tampering(
            "unexpected: message shop m-1 is dead",
            "UPDATE inbox SET outcome = 'dead' WHERE source = 'shop' AND id = 'm-1'"),
        Tampering(
            "lost: 1 events for erp",
            "INSERT INTO outbox (subject, receiver, number, event_id, event_day, owner) VALUES ('shop/1', 'erp', 99, 1, '2026-01-01', 1)"
        ),
        Tampering(
            "lost: the journal does not tell",
            "UPDATE order_journal SET version = 99 WHERE order_number = 'shop/1' AND version = 2"),
        Tampering(
            "unexpected: shop/1 is quarantined",
            "INSERT INTO quarantined_orders VALUES ('shop/1', 'x')"),
        Tampering(
            "unexpected: a conflict over",
            "INSERT INTO conflicts (kind, key, source, message_id, part, detail) VALUES ('message', 'k', 's', 'i', 0, 'd')"
        ),
        Tampering(
            "unexpected: erp shop/2",
            "UPDATE orders SET event_counts = '{}' WHERE number = 'shop/2'"),
    ]

    init(_ counter: String, _ sql: String) {
        self.counter = counter
        self.sql = sql
    }

    /// What is found while it is so; then its table is as it was.
    func tried(on world: World) throws -> [String] {
        let words = sql.split(separator: " ")
        let table = words[0] == "UPDATE" ? words[1] : words[2]
        try world.execute("CREATE TEMP TABLE before AS TABLE \(table)")
        try world.execute(sql)
        let found = try world.verdict().findings
        // Conflicts number themselves, and there were none.
        let refill = table == "conflicts" ? "" : "INSERT INTO \(table) TABLE before;"
        try world.execute("DELETE FROM \(table); \(refill) DROP TABLE before")
        return found
    }
}

extension Hearing {
    /// The same with something else in its envelope.
    fileprivate func changed(_ change: (inout [String: Any]) -> Void) -> Hearing {
        guard var envelope = try? JSONSerialization.jsonObject(with: body) as? [String: Any] else { return self }
        change(&envelope)
        let body = try? JSONSerialization.data(withJSONObject: envelope, options: .sortedKeys)
        return Hearing(receiver: receiver, body: body ?? self.body)
    }

    fileprivate var subject: String? {
        (try? JSONSerialization.jsonObject(with: body) as? [String: Any])?["subject"] as? String
    }
}
