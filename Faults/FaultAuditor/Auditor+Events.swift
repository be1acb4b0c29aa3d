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
                UNION ALL SELECT id, event_counts FROM fulfilments
                UNION ALL SELECT sku || '@' || warehouse, event_counts FROM stock
            ) AS s CROSS JOIN json_each_text(s.event_counts) AS c
            """)
        for row in counts {
            let stream = Heard.Stream(receiver: try row.text(1), epoch: epoch, subject: try row.text(0))
            committed[stream] = try row.int64(2)
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

    /// What happened was told to those who must know: money to finance, each once.
    func checkTold(_ verdict: inout Verdict) throws {
        var captured: [String: Int64] = [:]
        var refunded: [String: Int64] = [:]
        var answered: Set<String> = []
        var parcels: [String: Int] = [:]
        for (receiver, event) in heard.events {
            guard let order = event.data.orderNumber else { continue }
            switch (receiver, event.type) {
            case ("finance", "payment.recorded.v1"):
                guard let payment = event.data.payment else { continue }
                if payment.kind == "captured" { captured[order, default: 0] += payment.amountMinor }
            case ("finance", "refund.settled.v1"): refunded[order, default: 0] += event.data.refund?.amountMinor ?? 0
            case ("erp", "order.accepted.v1"), ("erp", "order.rejected.v1"): answered.insert(order)
            case ("erp", "order.shipped.v1"):
                if let parcel = event.data.parcel { parcels["\(parcel.warehouse) \(parcel.shipment)", default: 0] += 1 }
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
                "finance heard captured of \(number)", there: captured[number] ?? 0, said: try row.int64(1))
            verdict.compare("finance heard refunded of \(number)", there: refunded[number] ?? 0, said: try row.int64(2))
        }
        for (parcel, count) in parcels where count > 1 {
            verdict.find(.duplicated, "ERP was told \(count) times that parcel \(parcel) has left")
        }
    }
}
