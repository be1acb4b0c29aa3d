import AMQP
import Glibc
import OrderWorker
import TestServers
import TestSite
import Testing

@Suite("P4, P10: a receiver's queue is gone, a confirm is lost, the outbox is full", .serialized)
struct ReceiverDisruptionTests {
    @Test(
        "a receiver's queue is deleted: its events wait, ops hear of it once, others go on; all is told when it is back"
    )
    func queueGone() async throws {
        try await Site.use(lanes: 2) { site in
            try site.open()
            try site.place("shop/0")
            try site.waitFor("shop/0", "awaiting_payment")
            try site.waitUntilQuiet()
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            try keeper.deleteQueue("erp.orders")
            for number in 1...50 { try site.place("shop/\(number)") }
            try site.wait("the storefront hears of all") {
                site.sink.told("storefront", "order.accepted").count == 51
            }
            try site.wait("operations hear of it") { site.sink.told("ops", "delivery.unroutable").count == 1 }
            try site.wait("only the receiver's events wait") {
                try site.count("SELECT count(*) FROM outbox WHERE receiver <> 'erp'") == 0
            }
            #expect(try site.count("SELECT count(*) FROM outbox WHERE receiver = 'erp'") >= 50)
            poll(nil, 0, 6_000)
            #expect(site.sink.told("ops", "delivery.unroutable").count == 1, "once a minute a receiver")
            try OrderflowTopology.topology.declare(on: keeper)
            keeper.close()
            try site.waitUntilQuiet()
            try site.checkDeliveries()
        }
    }

    @Test("the alerts' own queue is unbound: nothing is said about it, and alerts come when it is back")
    func opsGone() async throws {
        try await Site.use { site in
            try site.open()
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            let binding = Binding(exchange: OrderflowTopology.events, queue: "ops.alerts", routingKey: "ops.#")
            try keeper.unbind(binding)
            try site.place("shop/1", id: "one")
            try site.waitFor("shop/1", "awaiting_payment")
            try site.place("shop/2", id: "one")
            try site.wait("an alert waits") {
                try site.count("SELECT count(*) FROM outbox WHERE receiver = 'ops'") == 1
            }
            poll(nil, 0, 3_000)
            #expect(try site.count("SELECT count(*) FROM outbox") == 1)
            try keeper.bind(binding)
            keeper.close()
            try site.waitUntilQuiet()
            #expect(site.sink.told("ops", "conflict.found").count == 1)
            #expect(site.sink.told("ops", "delivery.unroutable").isEmpty)
        }
    }

    @Test("the confirm of an event is lost and its lane idle: the next event of that order still goes out")
    func lostConfirm() async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("flow"))
            defer { try? pair.stop() }
            try Site.run(workers: 1, lanes: 1, on: .own(pair)) { site in
                try site.open()
                try site.place("shop/1")
                try site.waitFor("shop/1", "awaiting_payment")
                try site.waitUntilQuiet()
                try site.pay("shop/1")
                try site.flush()
                // The events are published and their confirms never come: the broker dies with them.
                try pair.broker.freeze()
                poll(nil, 0, 1_000)
                try pair.broker.kill9()
                try pair.broker.start()
                try site.waitUntilQuiet()
                try site.waitFor("shop/1", "released")
                try site.waitUntilQuiet()
                try site.checkDeliveries()
            }
        }
    }

    @Test("confirms vanish while all else goes on: the lane, idle, publishes anew, and the order's next events go out")
    func vanishedConfirm() async throws {
        try await Site.use(workers: 0) { site in
            let thief = ConfirmThief(before: try site.amqpURL().port)
            try thief.stand { port in
                let worker = try site.startWorker { $0.broker.port = port }
                try site.open()
                try site.place("shop/1")
                try site.waitFor("shop/1", "awaiting_payment")
                try site.waitUntilQuiet()
                thief.steal()
                let before = site.sink.stream("erp", "shop/1").count
                try site.pay("shop/1")
                try site.waitFor("shop/1", "released")
                try site.wait("the next event is heard, and its confirm is not") {
                    site.sink.stream("erp", "shop/1").count > before && thief.stolen > 0
                }
                // Behind it wait others, and nothing comes that would wake the lane.
                try site.waitUntilQuiet()
                #expect(worker.log.count(of: "no confirm for 30 s") == 1)
                let events = site.sink.stream("erp", "shop/1")
                #expect(events.count > before + 1)
                let heard = site.sink.all.filter { $0.receiver == "erp" && $0.subject == "shop/1" }
                #expect(heard.count > events.count, "what was not confirmed comes again, under the same id")
                try site.checkDeliveries()
            }
        }
    }

    @Test("the outbox over its bound pauses intake; it goes on below it, and nothing is lost")
    func outboxFull() async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startWorker { $0.setAsideRows = 300 }
            try site.open()
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            try keeper.deleteQueue("erp.orders")
            for number in 1...300 { try site.place("shop/\(number)") }
            try site.wait("intake pauses") { worker.log.count(of: "intake pauses") > 0 }
            let before = try site.count("SELECT count(*) FROM orders")
            for number in 301...400 { try site.place("shop/\(number)") }
            try site.flush()
            poll(nil, 0, 4_000)
            #expect(try site.count("SELECT count(*) FROM orders") == before, "nothing is taken in")
            try OrderflowTopology.topology.declare(on: keeper)
            keeper.close()
            try site.wait("all are there") { try site.count("SELECT count(*) FROM orders") == 400 }
            try site.waitUntilQuiet()
            try site.checkDeliveries()
        }
    }
}
