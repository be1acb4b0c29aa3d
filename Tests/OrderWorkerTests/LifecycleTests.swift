import TestSite
import Testing

@Suite("An order from placing to completion")
struct LifecycleTests {
    @Test("an order goes through queue, tables and events to completion")
    func lifecycle() async throws {
        try await Site.use { site in
            try site.open()
            try site.place("shop/1")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.pay("shop/1")
            try site.waitFor("shop/1", "released")
            try site.report("accepted", "shop/1-F1")
            try site.report("shipped", "shop/1-F1", shipment: "S1")
            try site.waitFor("shop/1", "shipped")
            try site.report("delivered", "shop/1-F1", shipment: "S1")
            try site.waitFor("shop/1", "completed")
            try site.waitUntilQuiet()
            let told = site.sink.stream("erp", "shop/1").map(\.type)
            #expect(
                told == [
                    "order.accepted.v1", "payment.recorded.v1", "order.paid.v1", "order.released.v1",
                    "order.shipped.v1", "order.delivered.v1", "order.received.v1", "order.completed.v1",
                ])
            #expect(site.sink.stream("wms", "shop/1-F1").map(\.type) == ["fulfilment.requested.v1"])
        }
    }
}
