import AMQP
import Glibc
import TestServers
import TestSite
import Testing

@Suite("P9: SIGTERM drains", .serialized)
struct DrainTests {
    @Test(
        "a worker that is told to stop under load ends with 0, and each lane gives back in order what it has not begun",
        arguments: [1, 2])
    func drains(lanes: Int) async throws {
        try await Site.use(workers: 0) { site in
            let worker = try site.startProcess(lanes: lanes)
            try site.open()
            for number in 1...2_000 { try site.place("shop/\(number)") }
            try site.wait("it is at work") { try site.count("SELECT count(*) FROM orders") > 0 }
            worker.terminate()
            // Before its deadline, at which it would leave things undone.
            #expect(try worker.end(within: Double(WorkerProcess.drainSeconds)) == 0)
            let placed = try site.count("SELECT count(*) FROM orders")
            #expect(try site.count("SELECT count(*) FROM outbox") == 0, "what it committed is told")
            #expect(try site.count("SELECT count(*) FROM parked") == 0)

            let left = try site.takeAll("orders.internal")
            #expect(left.count == 2_000 - placed, "what is finished does not come again")
            // With two lanes, what one gives back first may reach the other before its connection ends.
            let steps = zip(left, left.dropFirst()).count { $0.number > $1.number }
            #expect(steps <= 2 * (lanes - 1), "in the order in which it was sent")
            #expect(left.allSatisfy { $0.deliveryCount <= lanes })
        }
    }

    @Test("replicas are replaced one after another under load: nothing is lost, repeated or late")
    func rolling() async throws {
        try await Site.use(workers: 0) { site in
            var workers = try (0..<3).map { _ in try site.startProcess() }
            try site.open(stock: 100_000)
            var placed = 0
            for round in 0..<6 {
                for _ in 0..<150 {
                    placed += 1
                    try site.place("shop/\(placed)", term: "cash_on_delivery")
                }
                site.sender.turn(waiting: 1)
                let index = round % workers.count
                let old = workers[index]
                workers[index] = try site.startProcess()
                old.terminate()
                #expect(try old.end() == 0)
            }
            try site.wait("all are released") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == placed
            }
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            try site.audit()
            #expect(site.sink.told("wms", "fulfilment.requested").count == placed)
        }
    }

    @Test("a worker without its servers ends when it is told to")
    func withoutServers() async throws {
        try await onThread {
            let worker = try WorkerProcess(
                postgresURL: "postgresql://nobody@127.0.0.1:1/none", amqpURL: "amqp://nobody:x@127.0.0.1:1/%2F",
                lanes: 2)
            poll(nil, 0, 1_500)
            #expect(worker.isRunning)
            worker.terminate()
            #expect(try worker.end() == 0)
        }
    }
}

private struct Left {
    let number: Int
    let deliveryCount: Int64
}

extension Site {
    /// Takes what is left in a queue, in its order.
    fileprivate func takeAll(_ queue: String) throws -> [Left] {
        let connection = try AMQPConnection(amqpURL(), name: "rest", role: .consuming)
        defer { connection.close() }
        let expected = try Int(connection.checkQueue(queue).messageCount)
        try connection.consume(queue: queue, tag: "rest", prefetch: 0)
        var left: [Left] = []
        try wait("\(expected) messages") {
            try connection.receive { event in
                guard case .delivery(let delivery) = event else { return }
                let text = String(decoding: delivery.body, as: UTF8.self)
                let number = text.split(separator: #""orderNumber":"shop\/"#).last?.prefix { $0.isNumber }
                left.append(Left(number: Int(number ?? "") ?? 0, deliveryCount: delivery.deliveryCount ?? 0))
            }
            try connection.flush()
            return left.count >= expected
        }
        return left
    }
}
