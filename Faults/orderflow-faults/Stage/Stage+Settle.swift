import AMQP
import FaultAuditor
import Foundation
import Glibc
import OrderWorker
import Postgres
import TestServers
import TestSite

extension Stage {
    /// Lets everything come to its end, and has it judged.
    func settle() throws -> Verdict {
        calmDown()
        return try judge()
    }

    /// No more orders: waits until nothing is under way.
    func calmDown(within seconds: Double = 240) {
        load.place(perSecond: 0)
        let deadline = ContinuousClock.now + .seconds(seconds)
        var calmSince: ContinuousClock.Instant?
        var taken = -1
        while true {
            let waitsFor = (try? unsettled(&taken)) ?? "servers that answer"
            if waitsFor.isEmpty {
                let since = calmSince ?? .now
                calmSince = since
                if .now - since > .seconds(calmSeconds) { break }
            } else {
                calmSince = nil
                guard .now < deadline else {
                    note("not settled within \(Int(seconds)) s: \(waitsFor)")
                    break
                }
            }
            poll(nil, 0, 100)
        }
    }

    /// What is still to come, or nothing.
    private func unsettled(_ taken: inout Int) throws -> String {
        guard load.isIdle, speaker.isIdle else { return "senders" }
        let session = try site.connect()
        defer { session.close() }
        let before = taken
        taken = try Self.outcomes(session)
        guard taken == before else { return "messages that are being taken" }
        let outbox = try session.query("SELECT count(*) FROM outbox WHERE NOT receiver = ANY ($1)", [deaf]).only().int(
            0)
        guard outbox == 0 else { return "\(outbox) unconfirmed events" }
        let due = try session.query("SELECT count(*) FROM due WHERE due_at < now() + interval '1 second'").only().int(0)
        guard due == 0 else { return "\(due) due rows" }
        let queued = try queued()
        guard queued == 0 else { return "\(queued) messages in the queues" }
        let told = try session.query(
            """
            SELECT count(*) FROM event_log CROSS JOIN unnest(receivers) AS r (receiver)
            WHERE NOT r.receiver = ANY ($1)
            """, [deaf]
        ).only().int(0)
        let heard = Set(site.sink.all.filter { !deafReceivers.contains($0.receiver) }.map { $0.receiver + $0.id }).count
        return heard < told ? "\(told - heard) events that nobody has heard" : ""
    }

    private var deaf: Parameter { .textArray(Array(deafReceivers)) }

    /// Messages that wait in the workers' queues, those too that one has in hand.
    private func queued() throws -> Int {
        let inbox = try AMQPConnection(site.amqpURL(), name: "stage", role: .publishing)
        defer { inbox.close() }
        var ready = 0
        for queue in OrderflowTopology.inboundQueues.map(\.queue) { ready += try inbox.checkQueue(queue).messageCount }
        guard ready == 0 else { return ready }
        // What is in hand has no outcome yet.
        return try max(0, untaken())
    }

    private func judge() throws -> Verdict {
        let changed = Set(speaker.ledger.entries.filter { $0.type == "fulfilment.amended.v1" }.map(\.id)).count
        if changed > 0 { measure("parts that warehouses changed", Double(changed), "") }
        let hearings = site.sink.all.map { Hearing(receiver: $0.receiver, body: Data($0.body)) }
        var auditor = try Auditor(speaker.ledger, hearings, database: site.servers.postgresURL(database: site.name))
        auditor.strangers = strangers
        auditor.deafReceivers = deafReceivers
        return try auditor.verdict(noting: findings + programsAudit() + crew.close())
    }

    /// What `orderflow audit` finds: the checks that do not hold, with their rows.
    private func programsAudit() throws -> [String] {
        let audit = try Program.run(["audit"], on: site, environment: auditEnvironment)
        guard audit.status != 0 else { return [] }
        let lines = audit.output.split(separator: "\n").filter { line in
            let words = line.split(separator: " ")
            return words.count < 2 || words[1] != "0"
        }
        return ["orderflow audit: \(lines.joined(separator: "; ").suffix(1_500))"]
    }

    /// Takes everything down.
    func close() {
        load.close()
        _ = crew.close()
        speaker.close()
        for line in lines { line.close() }
    }
}
