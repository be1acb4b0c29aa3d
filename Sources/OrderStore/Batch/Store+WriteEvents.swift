internal import OrderCore
internal import Postgres

/// Events into the log and the outbox, confirmed rows out of it.
extension Store {
    func writeEvents(_ batch: BatchWrite, _ result: WriteResult, _ flight: inout WriteFlight) {
        let log = emptyColumns(EventLog.insert.name, EventLog.columns)
        // Neither these nor the confirmed are sorted: no other lane ever locks them.
        var rows: [OutboxRow] = []
        var firstNumbers: [OutboxStream: Int64] = [:]
        for (record, id) in zip(batch.events, result.eventIDs) {
            EventLog.append(record, id: id, to: log)
            let subject = record.event.subject.text
            for delivery in record.event.deliveries {
                let stream = OutboxStream(subject: subject, receiver: delivery.receiver)
                let key = OutboxKey(stream: stream, number: delivery.number, eventID: id)
                rows.append(OutboxRow(key: key, eventDay: result.eventDay))
                if stream.isOrdered {
                    firstNumbers[stream] = min(firstNumbers[stream] ?? .max, delivery.number)
                }
            }
        }
        flight.add(EventLog.insert, log)

        let confirmed = emptyColumns(OutboxRows.delete.name, OutboxRows.keyColumns)
        for key in batch.confirmed { OutboxRows.append(key, to: confirmed) }
        flight.add(OutboxRows.delete, confirmed)

        let outbox = emptyColumns(OutboxRows.insert.name, OutboxRows.columns)
        for row in rows { OutboxRows.append(row, to: outbox) }
        flight.add(OutboxRows.insert, outbox, .int8(batch.owner))
        let again = emptyColumns(OutboxRows.insertAgain.name, OutboxRows.columns)
        for row in batch.resent.sorted(by: { $0.key < $1.key }) { OutboxRows.append(row, to: again) }
        flight.add(OutboxRows.insertAgain, again, .int8(batch.owner))

        // The first of a stream has nothing before it.
        var streams = batch.waiting.filter(\.isOrdered)
        for (stream, number) in firstNumbers where number > 1 { streams.insert(stream) }
        for row in batch.resent where row.key.stream.isOrdered { streams.insert(row.key.stream) }
        let heads = emptyColumns(OutboxRows.heads.name, OutboxRows.streamColumns)
        for stream in streams { OutboxRows.append(stream, to: heads) }
        flight.add(OutboxRows.heads, heads)
    }
}
