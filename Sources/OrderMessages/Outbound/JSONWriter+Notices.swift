internal import OrderCore

extension JSONWriter {
    /// Stock, holds and alerts.
    mutating func writeNotice(_ payload: EventPayload) {
        switch payload {
        case .stockChanged(let key, let available, let parts):
            write(key)
            write("available", available)
            if !parts.isEmpty {
                list("parts", parts) { json, part in
                    json.write("seller", part.seller)
                    json.write("available", part.available)
                }
            }
        case .stockLow(let key, let available, let threshold):
            write(key)
            write("available", available)
            write("threshold", threshold)
        case .stockShort(let key, let sku, _, let missing):
            write("sku", sku)
            write("warehouse", key?.warehouse)
            write("missing", missing)
        case .holdOpened(_, let hold), .holdClosed(_, let hold): write(hold)
        case .conflictFound(let conflict):
            write("kind", conflict.kind.rawValue)
            write("key", conflict.key)
            write("message", conflict.message)
            write("detail", conflict.detail)
        case .messageDead(let identity, let reason, let fingerprint, let count):
            write("message", identity)
            write("reason", reason)
            write("fingerprint", fingerprint)
            write("count", count)
        case .deliveryUnroutable(let receiver, let count):
            write("receiver", receiver)
            write("count", count)
        default: break
        }
    }

    private mutating func write(_ key: StockKey) {
        write("sku", key.sku)
        write("warehouse", key.warehouse)
    }

    private mutating func write(_ hold: Hold) {
        object("hold") { json in
            json.write("number", hold.number)
            json.write("reason", hold.reason.rawValue)
            json.write("family", hold.reason.family.rawValue)
            json.write("path", hold.path)
            json.write("detail", hold.detail)
            json.write("openedAt", hold.openedAt)
            json.write("openedBy", hold.openedBy)
            json.write("closedAt", hold.closedAt)
            json.write("closedBy", hold.closedBy)
            json.write("closing", hold.closing?.rawValue)
            json.write("closingReason", hold.closingReason)
        }
    }

    private mutating func write(_ key: StaticString, _ identity: MessageIdentity) {
        object(key) { json in
            json.write("source", identity.source)
            json.write("id", identity.id)
            json.write("part", identity.part)
        }
    }
}
