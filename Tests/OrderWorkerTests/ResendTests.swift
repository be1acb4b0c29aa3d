import TestSite
import Testing

@Suite("P4: a receiver that lost events gets them again")
struct ResendTests {
    @Test("a resend brings the same ids and bytes, from the number asked for, to that receiver alone")
    func resent() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            try site.waitUntilQuiet()
            let before = site.sink.all
            let lost = before.filter { $0.receiver == "erp" && $0.subject == "shop/1" && $0.sequence >= 2 }
            #expect(lost.count >= 2)
            try site.send(
                "delivery.resend", to: "order.command", ["receiver": "erp", "subject": "shop/1", "fromNumber": 2],
                source: "erp", id: "again")
            #expect(try site.outcome(of: "again", source: "erp") == "done")
            try site.wait("they come again") { site.sink.all.count >= before.count + lost.count }
            try site.waitUntilQuiet()
            let again = Array(site.sink.all.dropFirst(before.count))
            #expect(again.map(\.id) == lost.map(\.id))
            #expect(again.map(\.body) == lost.map(\.body))
            try site.checkDeliveries()
        }
    }

    @Test("only the receiver itself and staff may ask, and a wish that is heard again brings nothing more")
    func strangers() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.waitUntilQuiet()
            func heard() -> [Told] { site.sink.all.filter { $0.subject == "shop/1" } }
            let before = heard()
            let storefront = before.filter { $0.receiver == "storefront" }
            #expect(!storefront.isEmpty)
            func ask(_ receiver: String, as source: String, id: String, through key: String = "order.command") throws {
                try site.send(
                    "delivery.resend", to: key, ["receiver": receiver, "subject": "shop/1", "fromNumber": 1],
                    source: source, id: id, user: key == "staff.command" ? "orderflow" : nil)
            }
            try ask("erp", as: "shop", id: "of another")
            #expect(try site.outcome(of: "of another") == "conflict")
            try ask("storefront", as: "erp", id: "of another")
            #expect(try site.outcome(of: "of another", source: "erp") == "conflict")
            try ask("erp", as: "nobody", id: "stranger")
            #expect(try site.outcome(of: "stranger", source: "nobody") == "conflict")
            try site.waitUntilQuiet()
            #expect(heard().count == before.count)

            try ask("storefront", as: "console", id: "staff", through: "staff.command")
            #expect(try site.outcome(of: "staff", source: "console") == "done")
            try site.waitUntilQuiet()
            try ask("storefront", as: "console", id: "staff", through: "staff.command")
            try ask("erp", as: "console", id: "more", through: "staff.command")
            #expect(try site.outcome(of: "more", source: "console") == "done")
            try site.waitUntilQuiet()
            let again = heard().dropFirst(before.count)
            #expect(again.map(\.id) == (storefront + before.filter { $0.receiver == "erp" }).map(\.id))
        }
    }

    @Test("what was never told is refused")
    func unknown() async throws {
        try await Site.use { site in
            try site.open()
            try site.send(
                "delivery.resend", to: "order.command", ["receiver": "erp", "subject": "shop/9", "fromNumber": 1],
                source: "erp", id: "again")
            #expect(try site.outcome(of: "again", source: "erp") == "refused")
        }
    }
}
