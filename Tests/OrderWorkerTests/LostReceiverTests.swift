import AMQP
import Glibc
import OrderWorker
import TestServers
import TestSite
import Testing

@Suite("P4: what a lost receiver was to hear waits in the database, not in the memory of a lane")
struct LostReceiverTests {
    @Test(
        "more waits for a lost receiver than a lane keeps: the lane keeps its session, and all is told in order later")
    func more() async throws {
        try await Site.use(workers: 0) { site in
            try site.startWorker {
                $0.unpublishedRows = 1_000
                $0.batchMessages = 20
            }
            try site.open(stock: 5_000)
            try site.place("shop/0")
            try site.waitFor("shop/0", "awaiting_payment")
            try site.waitUntilQuiet()
            let lane = try site.count("SELECT max(number) FROM lanes")
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            try keeper.deleteQueue("erp.orders")
            for number in 1...1_300 {
                try site.place("shop/\(number)")
                if number.isMultiple(of: 50) {
                    try site.wait("\(number) are told") {
                        try site.count("SELECT count(*) FROM outbox WHERE receiver <> 'erp'") < 50
                    }
                }
            }
            for number in 1...50 { try site.pay("shop/\(number)") }
            try site.wait("the storefront hears of all") {
                site.sink.told("storefront", "order.accepted").count == 1_301
            }
            try site.wait("only the receiver's events wait") {
                try site.count("SELECT count(*) FROM outbox WHERE receiver <> 'erp'") == 0
            }
            #expect(try site.count("SELECT count(*) FROM outbox WHERE receiver = 'erp'") > 1_300)
            poll(nil, 0, 6_000)
            #expect(try site.count("SELECT max(number) FROM lanes") == lane, "no session was given up")
            try OrderflowTopology.topology.declare(on: keeper)
            keeper.close()
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            #expect(try site.count("SELECT max(number) FROM lanes") == lane)
        }
    }

    @Test("streams of a lost receiver that several lanes write to are told in order when it is back")
    func lanes() async throws {
        try await Site.use(lanes: 3) { site in
            try site.open()
            try site.place("shop/0")
            try site.waitFor("shop/0", "awaiting_payment")
            try site.waitUntilQuiet()
            let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
            try keeper.deleteQueue("erp.orders")
            for number in 1...40 { try site.place("shop/\(number)") }
            try site.wait("all are placed") { try site.count("SELECT count(*) FROM orders") == 41 }
            for number in 1...40 { try site.pay("shop/\(number)") }
            try site.wait("all are released, and the lost receiver was tried again") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == 40
                    && site.count("SELECT max(returns) FROM outbox") > 1
            }
            for number in 1...40 { try site.ask("cancel", "shop/\(number)", request: "r-\(number)") }
            try site.wait("all are asked to stop") {
                try site.count("SELECT count(*) FROM holds WHERE reason = 'cancelling'") == 40
            }
            try OrderflowTopology.topology.declare(on: keeper)
            keeper.close()
            try site.waitUntilQuiet()
            try site.checkDeliveries()
        }
    }
}
