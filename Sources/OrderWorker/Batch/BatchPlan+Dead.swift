internal import AMQP
internal import OrderCore
internal import OrderMessages
internal import OrderStore

extension BatchPlan {
    /// What is wrong for good, or was given up by the broker: kept with its reason, and announced.
    func deadRecords(
        _ loaded: LoadedBatch, _ seen: inout [MessageIdentity: ContentHash], _ decider: inout Decider
    ) -> [DeadRecord] {
        var records: [DeadRecord] = []
        for (incoming, failure) in failures {
            if let identity = failure.identity {
                if let known = seen[identity] {
                    if known != failure.bodyHash { decider.contradict(identity, orderNumber: failure.orderNumber) }
                    continue
                }
                seen[identity] = failure.bodyHash
                decider.note(.dead(failure.description.storable), of: identity)
            }
            var record = DeadRecord(
                identity: failure.identity, message: stored(incoming), bodyHash: failure.bodyHash,
                reason: failure.description.storable, fingerprint: failure.fingerprint)
            record.orderNumber = failure.orderNumber
            records.append(record)
        }
        for (record, failure) in hopeless where loaded.claimedFacts.contains(record.identity) {
            records.append(decider.endWait(of: record, failure.description, failure.fingerprint))
        }
        for incoming in deadLettered {
            guard let record = givenUp(incoming, &seen, &decider) else { continue }
            records.append(record)
        }
        return records
    }

    private func givenUp(
        _ incoming: Incoming, _ seen: inout [MessageIdentity: ContentHash], _ decider: inout Decider
    ) -> DeadRecord? {
        let reason: String
        let fingerprint: String
        if let oversize = incoming.delivery.oversize {
            reason =
                "the body has \(oversize.length) bytes, more than \(MessageDecoder.largestBody); it is kept whole in \(OrderflowTopology.oversize)"
            fingerprint = "too_large \(incoming.queue)"
        } else {
            reason = "the broker gave it up after too many deliveries"
            fingerprint = "delivery_limit \(incoming.queue)"
        }
        var identity: MessageIdentity?
        var orderNumber: String?
        if case .success(let messages) = incoming.decoded.result, let first = messages.first {
            // It had its effect, or its end, before the broker gave it up.
            guard seen[first.identity] == nil else { return nil }
            for message in messages {
                seen[message.identity] = message.contentHash
                decider.note(.dead(reason), of: message.identity)
            }
            identity = first.identity
            orderNumber = first.payload.orderNumbers.first
        }
        var record = DeadRecord(
            identity: identity, message: stored(incoming),
            bodyHash: incoming.delivery.oversize?.hash ?? ContentHash(sha256Of: incoming.delivery.body),
            reason: reason, fingerprint: fingerprint)
        record.orderNumber = orderNumber
        record.bodyLength = incoming.delivery.oversize.map { Int64(clamping: $0.length) } ?? record.bodyLength
        return record
    }

    /// A delivery as it is kept.
    func stored(_ incoming: Incoming) -> OrderStore.RawMessage {
        let raw = OrderMessages.RawMessage(incoming.delivery, queue: incoming.queue)
        return OrderStore.RawMessage(raw, type: incoming.decoded.type)
    }
}

extension Decider {
    /// A parked fact is dead: it waits no more.
    mutating func endWait(of record: ParkedRecord, _ reason: String, _ fingerprint: String) -> DeadRecord {
        forget(record.identity, of: record.orderNumber)
        note(.dead(reason), of: record.identity)
        var dead = DeadRecord(
            identity: record.identity, message: record.message, bodyHash: ContentHash(sha256Of: record.message.body),
            reason: reason, fingerprint: fingerprint)
        dead.orderNumber = record.orderNumber
        dead.isWhole = record.isWhole
        return dead
    }
}

extension OversizeBody {
    /// The first 128 bits of the digest.
    var hash: ContentHash? {
        guard let digest, digest.count >= 16 else { return nil }
        let halves = [0, 8].map { start in digest[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return ContentHash(high: halves[0], low: halves[1])
    }
}
