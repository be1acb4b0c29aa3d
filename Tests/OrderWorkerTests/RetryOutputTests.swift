import AMQP
import OrderWorker
import Postgres
import TestSite
import Testing

@Suite("P4: what has not reached its receivers can be tried at once")
struct RetryOutputTests {
    @Test("staff learn what of an order waits, for whom and why; with the receiver back it goes out at once")
    func hastened() async throws {
        try await Site.use(lanes: 2) { site in
            try site.open()
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            try keeper.deleteQueue("erp.orders")
            try keeper.deleteQueue("wms.fulfilments")
            try site.place("shop/1")
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            try site.wait("what was told of the order and of its part is set aside") {
                try site.count(
                    "SELECT count(DISTINCT subject) FROM outbox WHERE because = 'unroutable' AND subject LIKE 'shop/1%'"
                ) == 2 && site.count("SELECT count(*) FROM outbox WHERE receiver NOT IN ('erp', 'wms')") == 0
            }
            try site.database.execute(
                "UPDATE outbox SET retry_at = now() + interval '1 hour' WHERE retry_at IS NOT NULL")
            try OrderflowTopology.topology.declare(on: keeper)
            keeper.close()
            try site.command("retry_output", "shop/1", id: "now")
            #expect(try site.outcome(of: "now", source: "console") == "done")
            let answer = try site.text("SELECT reason FROM inbox WHERE id = 'now'") ?? ""
            #expect(answer.hasPrefix("tried again: "), "\(answer)")
            #expect(answer.contains("for erp (no queue takes them, tried "), "\(answer)")
            #expect(answer.contains("1 for wms (no queue takes them, tried "), "\(answer)")
            try site.wait("all of it has come") {
                try site.count("SELECT count(*) FROM outbox WHERE subject LIKE 'shop/1%'") == 0
            }
            #expect(site.sink.stream("wms", "shop/1-F1").count == 1)
            let why = try site.text(
                "SELECT why FROM order_journal WHERE order_number = 'shop/1' ORDER BY version DESC LIMIT 1")
            #expect(why == "output tried again; by ann: a test")

            try site.command("retry_output", "shop/1", id: "again")
            #expect(try site.outcome(of: "again", source: "console") == "done")
            let nothing = try site.text("SELECT reason FROM inbox WHERE id = 'again'") ?? ""
            #expect(nothing.hasPrefix("nothing waits"), "\(nothing)")
            try site.command("retry_output", "shop/9", id: "unknown")
            #expect(try site.outcome(of: "unknown", source: "console") == "refused")
        }
    }
}
