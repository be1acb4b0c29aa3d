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
                id: "again")
            #expect(try site.outcome(of: "again") == "done")
            try site.wait("they come again") { site.sink.all.count >= before.count + lost.count }
            try site.waitUntilQuiet()
            let again = Array(site.sink.all.dropFirst(before.count))
            #expect(again.map(\.id) == lost.map(\.id))
            #expect(again.map(\.body) == lost.map(\.body))
            try site.checkDeliveries()
        }
    }

    @Test("what was never told is refused")
    func unknown() async throws {
        try await Site.use { site in
            try site.open()
            try site.send(
                "delivery.resend", to: "order.command", ["receiver": "erp", "subject": "shop/9", "fromNumber": 1],
                id: "again")
            #expect(try site.outcome(of: "again") == "refused")
        }
    }
}
