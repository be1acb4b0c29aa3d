import AMQP
import Foundation
import OrderWorker
import TestServers
import TestSite

extension FaultCase {
    /// The broker ends what workers have open, piece by piece, and takes away what they need.
    static let closedByBroker = FaultCase(
        id: "F7", title: "the broker ends connections, channels, consumers; a queue, a route are gone",
        isShort: true
    ) { stage in
        let line = try stage.lineToBroker()
        stage.crew.scale(to: 0) { $0.environment["ORDERFLOW_AMQP_URL"] = line.url }
        try stage.open(workers: 2, lanes: 2)
        let lookout = Lookout(stage.site)
        for receiver in ["erp", "finance", "storefront", "wms", "partner", "payments"].prefix(stage.scale.pick(1, 3, 6))
        {
            for _ in 0..<stage.scale.pick(1, 2, 4) {
                try stage.closeConnections(lookout)
                stage.closeChannels(line, lookout)
                stage.cancelConsumer(line, lookout)
                try stage.deleteEmptyQueue(line, lookout)
            }
            try stage.removeRoute(to: receiver, lookout)
        }
    }
}

extension Stage {
    /// As an administrator does it, of all connections at once, again and again.
    fileprivate func closeConnections(_ lookout: Lookout) throws {
        var closed = 0
        for _ in 0..<5 {
            closed += try site.management().closeAllConnections(site.name)
            play(0.7)
        }
        measure("connections closed by the management, in one go of five", Double(closed), "")
        timeRecovery("consuming again after connections were closed", limit: 5, lanes: 4, lookout)
    }

    /// An ack of what was never delivered: the broker answers with a channel.close, `PRECONDITION_FAILED`.
    fileprivate func closeChannels(_ line: Line, _ lookout: Lookout) {
        let tag: [UInt8] = [0, 0, 0, 0, 0, 0x0F, 0xFF, 0xFF]
        let ack = AMQPFrame.method(60, 80, tag + [0])
        for role in [Line.Role.consuming, .publishing] {
            forge(ack, toServer: true, role, line)
            timeRecovery("consuming again after a channel was closed", limit: 5, lanes: 4, lookout)
        }
    }

    /// The broker says that a consumer is no more.
    fileprivate func cancelConsumer(_ line: Line, _ lookout: Lookout) {
        let queue = Array("orders.internal".utf8)
        forge(AMQPFrame.method(60, 30, [UInt8(queue.count)] + queue + [1]), toServer: false, .consuming, line)
        timeRecovery("consuming again after a consumer was cancelled", limit: 5, lanes: 4, lookout)
    }

    /// One hears what the other has not said; the worker's only way on is a new connection.
    private func forge(_ frame: [UInt8], toServer: Bool, _ role: Line.Role, _ line: Line) {
        let (struck, made) = (line.struck, line.made)
        line.strike(.forged(frame, toServer: toServer), role)
        time("a forged frame is on its way", limit: 10) { line.struck > struck }
        time("a connection takes the place of one that lost its channel or consumer", limit: 5) { line.made > made }
    }

    /// Nobody speaks to the queue meanwhile: what is sent to one that is not there is the sender's to see to.
    fileprivate func deleteEmptyQueue(_ line: Line, _ lookout: Lookout) throws {
        let made = line.made
        let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
        try keeper.deleteQueue("reference.updates")
        keeper.close()
        time("a deleted queue is there again, and consumed", limit: 5) {
            try line.made > made && lookout.consumers() >= 4
        }
        let revision = Int(Date().timeIntervalSince1970 * 1_000)
        let id = "after the queue was deleted \(revision)"
        try site.send(
            "warehouse.updated", to: "reference.update", ["code": "WH1", "revision": revision, "priority": 1], id: id)
        time("a message to the queue made anew has its outcome", limit: 5) {
            try lookout.count("SELECT count(*) FROM inbox WHERE source = 'shop' AND id = '\(id)'") == 1
        }
    }

    /// Events for a receiver that has no binding stay, and people hear of it; nothing counts as delivered.
    fileprivate func removeRoute(to receiver: String, _ lookout: Lookout) throws {
        guard let queue = OrderflowTopology.receiverQueues.first(where: { $0.receiver == receiver })?.queue else {
            return
        }
        let binding = Binding(exchange: OrderflowTopology.events, queue: queue, routingKey: receiver + ".#")
        let keeper = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
        defer { keeper.close() }
        let alerts = site.sink.told("ops", "delivery.unroutable").count
        try keeper.unbind(binding)
        time("operations hear of a route that is gone", limit: 10) {
            site.sink.told("ops", "delivery.unroutable").count > alerts
        }
        time("events without a route are set aside", limit: 10) { try lookout.setAside(receiver) >= 5 }
        try checkReports(receiver, queue)
        play(3)
        time("all that counts as delivered was heard", limit: 5) { try undelivered(receiver, lookout).isEmpty }
        check(try lookout.setAside(receiver) >= 5, "events of the route that is gone are not set aside any more")
        // Made in one round trip; the connection is idle long enough for the broker to give it up.
        let again = try AMQPConnection(site.amqpURL(), name: "operator", role: .publishing)
        defer { again.close() }
        try again.bind(binding)
        time("events of a route that is back are told", limit: 20) { try lookout.setAside(receiver) == 0 }
    }

    /// What a person at a terminal sees.
    private func checkReports(_ receiver: String, _ queue: String) throws {
        struct Waiting: Decodable { var receiver: String, waiting: Int, setAside: Int }
        let status = try Program.run(["outbox", "status", "-o", "json"], on: site)
        let rows = try? JSONDecoder().decode([Waiting].self, from: Data(status.output.utf8))
        let setAside = rows?.first { $0.receiver == receiver }?.setAside ?? 0
        check(setAside > 0, "`outbox status` does not tell of \(receiver): \(status.output)")
        let doctor = try Program.run(["doctor"], on: site)
        check(doctor.status == 1, "`doctor` ends with \(doctor.status) while a binding is missing")
        for words in ["can't be routed", "to '\(queue)'"] {
            check(doctor.output.contains(words), "`doctor` does not say \"\(words)\": \(doctor.output)")
        }
    }

    /// What has no outbox row any more, and was not heard.
    private func undelivered(_ receiver: String, _ lookout: Lookout) throws -> Set<String> {
        let delivered = try lookout.texts(
            """
            SELECT e.subject || ' ' || t.number FROM event_log AS e
            CROSS JOIN unnest(e.receivers, e.numbers) AS t (receiver, number)
            WHERE t.receiver = '\(receiver)' AND t.number > 0 AND NOT EXISTS (
                SELECT FROM outbox AS o
                WHERE o.subject = e.subject AND o.receiver = t.receiver AND o.number = t.number)
            """)
        let heard = site.sink.all.filter { $0.receiver == receiver }.map { "\($0.subject) \($0.sequence)" }
        return Set(delivered).subtracting(heard)
    }
}

extension Lookout {
    /// Events that the broker could not route.
    fileprivate func setAside(_ receiver: String) throws -> Int {
        try count("SELECT count(*) FROM outbox WHERE receiver = '\(receiver)' AND retry_at IS NOT NULL")
    }
}
