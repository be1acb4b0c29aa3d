internal import Postgres

extension Auditor {
    /// Each message that was said has its outcome, and nobody else's has one.
    func checkMessages(_ verdict: inout Verdict) throws {
        var known: [Said.Identity: Set<String>] = [:]
        for row in try rows("SELECT source, id, outcome FROM inbox") {
            known[Said.Identity(source: try row.text(0), id: try row.text(1)), default: []].insert(try row.text(2))
        }
        for identity in said.messages.keys where known[identity] == nil {
            verdict.find(.lost, "message \(identity.source) \(identity.id) has no outcome")
        }
        for identity in known.keys where said.messages[identity] == nil && !strangers.contains(identity.source) {
            guard said.hostile.isEmpty else { break }
            verdict.find(.unexpected, "nobody said message \(identity.source) \(identity.id)")
        }
        for identity in said.poison where known[identity]?.contains("dead") != true {
            verdict.find(.unexpected, "poison \(identity.source) \(identity.id) is \(known[identity] ?? []), not dead")
        }
        for (identity, outcomes) in known where outcomes.contains("dead") && !said.poison.contains(identity) {
            guard said.hostile.isEmpty || said.messages[identity] != nil else { continue }
            verdict.find(.unexpected, "message \(identity.source) \(identity.id) is dead, and nothing is wrong with it")
        }
    }

    /// What is left over is nothing, or has a reason in the ledger.
    func checkRemains(_ verdict: inout Verdict) throws {
        for row in try rows("SELECT receiver, count(*) FROM outbox GROUP BY receiver") {
            let (receiver, count) = (try row.text(0), try row.int64(1))
            if !deafReceivers.contains(receiver) {
                verdict.find(.lost, "\(count) events for \(receiver) are not confirmed")
            }
        }
        for row in try rows("SELECT coalesce(order_number, ''), type, waits_for, source, id FROM parked") {
            let (order, type, waitsFor) = (try row.text(0), try row.text(1), try row.text(2))
            if said.orders[order] != nil {
                verdict.find(.unexpected, "\(type) of \(order) still waits for \(waitsFor)")
            }
        }
        var told: Set<Said.Identity> = []
        for row in try rows("SELECT source, message_id, kind, detail, coalesce(order_number, '') FROM conflicts") {
            let identity = Said.Identity(source: try row.text(0), id: try row.text(1))
            told.insert(identity)
            // A gateway that answers for an order of hostile making may find that it has been answered for.
            let order = try row.text(4)
            guard order.isEmpty || said.vouches(for: order) else { continue }
            if said.hostile.isEmpty || said.messages[identity] != nil, !said.mayContradict(identity) {
                verdict.find(.unexpected, "a conflict over \(identity.source) \(identity.id): \(try row.text(3))")
            }
        }
        for identity in said.contradicted where !told.contains(identity) {
            verdict.find(.lost, "nobody is told that \(identity.source) \(identity.id) came with another content")
        }
        if said.hostile.isEmpty {
            let unread = try rows("SELECT count(*) FROM dead_messages WHERE source IS NULL").only().int64(0)
            verdict.compare("dead messages without identity", there: unread, said: Int64(said.nameless.count))
        }
        for row in try rows("SELECT order_number, fault FROM quarantined_orders") {
            verdict.find(.unexpected, "\(try row.text(0)) is quarantined: \(try row.text(1))")
        }
        let marks = try rows("SELECT count(*) FROM crash_marks").only().int64(0)
        if marks > 0 { verdict.find(.unexpected, "\(marks) crash marks are left") }
    }
}
