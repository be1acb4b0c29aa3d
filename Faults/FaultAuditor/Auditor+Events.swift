internal import FoundationEssentials
internal import Postgres

extension Auditor {
    /// Each stream was heard from its first number to its last, in order, and no further than what is committed.
    func checkStreams(_ verdict: inout Verdict) throws {
        for fault in heard.faults { verdict.find(.unexpected, fault) }
        let epoch = try rows("SELECT max(number) FROM epochs").only().int64(0)
        var committed: [Heard.Stream: Int64] = [:]
        let counts = try rows(
            """
            SELECT s.subject, c.key, c.value::bigint FROM (
                SELECT number AS subject, event_counts FROM orders
                UNION ALL SELECT coalesce(travels_in, id), event_counts FROM fulfilments
                UNION ALL SELECT sku || '@' || warehouse, event_counts FROM stock
            ) AS s CROSS JOIN json_each_text(s.event_counts) AS c
            """)
        for row in counts {
            // The epoch stands above the lower forty bits.
            let (count, bits) = (try row.int64(2), Int64(40))
            let stream = Heard.Stream(
                receiver: try row.text(1), epoch: count >> bits + 1, subject: try row.text(0))
            committed[stream] = count & (1 << bits - 1)
        }
        for (stream, numbers) in heard.streams {
            let name = "\(stream.receiver) \(stream.subject) in epoch \(stream.epoch)"
            if Set(numbers).count < numbers.count { verdict.find(.duplicated, "\(name): one number, two ids") }
            if let (due, number) = zip(1..., numbers).first(where: { $0 != $1 }) {
                verdict.find(.lost, "\(name): \(number) was heard when \(due) was due")
            }
            let last = numbers.max() ?? 0
            if stream.epoch == epoch, last > committed[stream] ?? 0 {
                verdict.find(.unexpected, "\(name): \(last) was heard, \(committed[stream] ?? 0) are committed")
            }
        }
        for (stream, last) in committed where last > 0 && !deafReceivers.contains(stream.receiver) {
            let highest = heard.streams[stream]?.max() ?? 0
            if highest < last {
                verdict.find(.lost, "\(stream.receiver) \(stream.subject): \(highest) of \(last) were heard")
            }
        }
    }

    /// What happened was told to those who must know: each fact of money to finance once an epoch.
    func checkTold(_ verdict: inout Verdict) throws {
        var captured: [String: Set<Fact>] = [:]
        var refunded: [String: Set<Fact>] = [:]
        // Told in totals, which don't add up.
        var totalled: Set<String> = []
        var settled: Set<String> = []
        var answered: Set<String> = []
        var told: Set<String> = []
        func take(_ what: String, _ epoch: Int64) {
            guard !told.insert("\(epoch) \(what)").inserted else { return }
            verdict.find(.duplicated, "\(what) was told twice, under two ids")
        }
        for (receiver, event) in heard.events {
            guard let order = event.data.orderNumber else { continue }
            switch (receiver, event.type) {
            case ("finance", "payment.recorded.v1"):
                guard let payment = event.data.payment else { continue }
                let fact = Fact(name: "\(payment.kind) \(payment.name) of \(order)", amount: payment.amountMinor)
                take(fact.name, event.epoch)
                if payment.kind == "captured" { captured[order, default: []].insert(fact) }
                if payment.kind == "refunded" { refunded[order, default: []].insert(fact) }
                if payment.cumulative == true { totalled.insert(order) }
            case ("finance", "refund.settled.v1"):
                guard let refund = event.data.refund else { continue }
                take("refund \(refund.requestId)", event.epoch)
                settled.insert(refund.requestId)
            case ("erp", "order.accepted.v1"), ("erp", "order.rejected.v1"): answered.insert(order)
            case ("erp", "order.shipped.v1"):
                guard let parcel = event.data.parcel else { continue }
                take("parcel \(parcel.warehouse) \(parcel.shipment) of \(order)", event.epoch)
            default: break
            }
        }
        let isFinanceDeaf = deafReceivers.contains("finance")
        for row in try rows("SELECT number, captured, refunded FROM orders") {
            let number = try row.text(0)
            if !deafReceivers.contains("erp"), !answered.contains(number) {
                verdict.find(.lost, "ERP was told neither that \(number) is accepted nor that it is rejected")
            }
            guard !isFinanceDeaf else { continue }
            verdict.compare(
                "finance heard captured of \(number)", there: Fact.sum(captured[number]), said: try row.int64(1))
            guard !totalled.contains(number) else { continue }
            verdict.compare(
                "finance heard refunded of \(number)", there: Fact.sum(refunded[number]), said: try row.int64(2))
        }
        guard !isFinanceDeaf else { return }
        for row in try rows("SELECT request_id FROM money_requests WHERE kind = 'refund' AND state = 'settled'") {
            let request = try row.text(0)
            if !settled.contains(request) {
                verdict.find(.lost, "finance did not hear that refund \(request) is settled")
            }
        }
    }
}

/// A fact of money, as its receiver knows it again: after a restore it is told anew, under another id.
private struct Fact: Hashable {
    let name: String
    let amount: Int64

    static func sum(_ facts: Set<Fact>?) -> Int64 { (facts ?? []).reduce(0) { $0 + $1.amount } }
}

extension HeardEvent.Payment {
    fileprivate var name: String { "\(gateway) \(transactionId) \(reference ?? "")" }
}
