import Postgres
import TestSite
import Testing

@Suite("P8: every order is in a state that the machine allows, and its journal tells how it came there")
struct JournalTests {
    /// A change of state, as the journal has to tell it.
    struct Change: Equatable, CustomStringConvertible, Sendable {
        let from: String?
        let to: String
        /// Who: the source of the message, or the person of staff.
        let by: String
        /// The message's source and id.
        let cause: String
        let why: String

        init(_ from: String?, _ to: String, by: String, _ cause: String, _ why: String) {
            (self.from, self.to, self.by, self.cause, self.why) = (from, to, by, cause, why)
        }

        var description: String { "\(from ?? "nothing") -> \(to) by \(by), \(cause): \(why)" }
    }

    @Test("each state that orders were seen in is in the journal: when, who, from, to, why, by which message")
    func told() async throws {
        try await Site.use { site in
            try site.open()
            let begin = try site.text("SELECT now()::text") ?? ""
            let seen = try site.tellStories()
            try site.waitUntilQuiet()

            for (order, changes) in seen {
                let journal = try site.changes(of: order)
                #expect(journal == changes, "\(order)")
            }
            #expect(try site.count("SELECT count(DISTINCT order_number) FROM order_journal") == seen.count)
            #expect(try site.count("SELECT count(*) FROM order_journal WHERE why = ''") == 0)
            #expect(
                try site.count(
                    """
                    SELECT count(*) FROM (
                        SELECT at, coalesce(lag(at) OVER (PARTITION BY order_number ORDER BY version), '\(begin)') AS before
                        FROM order_journal
                    ) AS entry WHERE at < before OR at > now()
                    """) == 0, "each at its time")
            #expect(
                try site.count(
                    """
                    SELECT count(*) FROM order_journal AS j WHERE cause_source <> 'orderflow/timer' AND NOT EXISTS (
                        SELECT FROM message_log AS m
                        WHERE m.source = j.cause_source AND m.id = j.cause_id AND m.part = j.cause_part)
                    """) == 0, "what caused a change is in the message log")
            try site.audit()
        }
    }
}

extension Site {
    fileprivate typealias Change = JournalTests.Change

    /// Sends orders through the states of the machine, sees them in each, and tells the changes that brought them there.
    fileprivate func tellStories() throws -> [String: [Change]] {
        [
            "shop/sold": try sell(), "shop/parts": try shipInParts(), "shop/unpaid": try leaveUnpaid(),
            "shop/regretted": try regret(), "shop/unknown": try ask(for: "NOPE"),
        ]
    }

    private func sell() throws -> [Change] {
        try place("shop/sold", id: "place sold")
        try waitFor("shop/sold", "awaiting_payment")
        try command("hold", "shop/sold", id: "hold")
        try outcome(of: "hold", source: "console")
        try pay("shop/sold", id: "pay sold")
        try waitFor("shop/sold", "awaiting_release")
        try command("release", "shop/sold", id: "release")
        try waitFor("shop/sold", "released")
        try report("shipped", "shop/sold-F1", shipment: "S1", id: "ship sold")
        try waitFor("shop/sold", "shipped")
        try report("delivered", "shop/sold-F1", shipment: "S1", id: "deliver sold")
        try waitFor("shop/sold", "completed")
        return [
            Change(nil, "awaiting_payment", by: "shop", "shop place sold", "placed"),
            Change(
                "awaiting_payment", "awaiting_release", by: "gateway", "gateway pay sold",
                "payment captured; payment satisfied"),
            Change(
                "awaiting_release", "released", by: "ann", "console release",
                "hold manual closed: released; released to its warehouses; by ann: a test"),
            Change(
                "released", "shipped", by: "wms", "wms ship sold", "WH1 shipped S1; everything that will ship has"),
            Change(
                "shipped", "completed", by: "wms", "wms deliver sold",
                "parcel S1: delivered; received; nothing stands in the way"),
        ]
    }

    private func shipInParts() throws -> [Change] {
        try place("shop/parts", quantities: [2], term: "cash_on_delivery", id: "place parts")
        try waitFor("shop/parts", "released")
        try report("shipped", "shop/parts-F1", shipment: "S2", lines: [(1, 1)], id: "ship a part")
        try waitFor("shop/parts", "partially_shipped")
        try report("shipped", "shop/parts-F1", shipment: "S3", lines: [(1, 1)], id: "ship the rest")
        try waitFor("shop/parts", "shipped")
        return [
            Change(nil, "awaiting_release", by: "shop", "shop place parts", "placed"),
            Change("awaiting_release", "released", by: "shop", "shop place parts", "released to its warehouses"),
            Change(
                "released", "partially_shipped", by: "wms", "wms ship a part", "WH1 shipped S2; part of it has shipped"),
            Change(
                "partially_shipped", "shipped", by: "wms", "wms ship the rest",
                "WH1 shipped S3; everything that will ship has"),
        ]
    }

    private func leaveUnpaid() throws -> [Change] {
        try place("shop/unpaid", id: "place unpaid")
        try waitFor("shop/unpaid", "awaiting_payment")
        try makeDue("payment_timeout", of: "shop/unpaid")
        try waitFor("shop/unpaid", "cancelled")
        return [
            Change(nil, "awaiting_payment", by: "shop", "shop place unpaid", "placed"),
            Change(
                "awaiting_payment", "cancelled", by: "timer", "orderflow/timer payment_timeout shop/unpaid",
                "cancelled: payment_timeout"),
        ]
    }

    private func regret() throws -> [Change] {
        try place("shop/regretted", id: "place regretted")
        try waitFor("shop/regretted", "awaiting_payment")
        try ask("cancel", "shop/regretted", request: "c1", id: "regret")
        try waitFor("shop/regretted", "cancelled")
        return [
            Change(nil, "awaiting_payment", by: "shop", "shop place regretted", "placed"),
            Change("awaiting_payment", "cancelled", by: "shop", "shop regret", "cancelled: buyer_request"),
        ]
    }

    private func ask(for sku: String) throws -> [Change] {
        try place("shop/unknown", sku: sku, id: "place unknown")
        try waitFor("shop/unknown", "rejected")
        return [
            Change(nil, "rejected", by: "shop", "shop place unknown", "rejected: unknown_sku lines[0].sku")
        ]
    }

    /// The changes of state in an order's journal. A timer's id ends with the time at which it was due.
    fileprivate func changes(of order: String) throws -> [Change] {
        try database.query(
            """
            SELECT from_status, to_status, by, rtrim(cause_source || ' ' || cause_id, ' 0123456789'), why
            FROM order_journal
            WHERE order_number = '\(order)' AND from_status IS DISTINCT FROM to_status ORDER BY version
            """
        ).map { try Change($0.optionalText(0), $0.text(1), by: $0.text(2), $0.text(3), $0.text(4)) }
    }
}
