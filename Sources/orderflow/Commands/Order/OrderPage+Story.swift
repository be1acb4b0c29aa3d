internal import OrderCore
internal import OrderStore

/// What happened to an order, and what is to come.
extension OrderPage {
    func checkpoints(_ checkpoints: [TrackingCheckpoint]) -> ReportPart {
        let listing = Listing(
            of: checkpoints,
            [
                ("shipment", { .text($0.shipment) }), ("occurredAt", { .time($0.occurredAt) }),
                ("code", { .text($0.code) }), ("place", { .text($0.place) }), ("text", { .text($0.text) }),
            ])
        return ReportPart(name: "checkpoints", heading: "tracking", listing: listing)
    }

    func journal(_ lines: [JournalLine]) -> ReportPart {
        let listing = Listing(
            of: lines,
            [
                ("version", { .integer($0.version) }), ("at", { .time($0.at) }), ("by", { .text($0.by) }),
                ("from", { .text($0.from) }), ("to", { .text($0.to) }), ("why", { .text($0.why) }),
                ("cause", { .text($0.cause.source + " " + $0.cause.id) }),
            ])
        return ReportPart(name: "journal", heading: "journal", listing: listing)
    }

    func messages(_ lines: [MessageLine]) -> ReportPart {
        let listing = Listing(
            of: lines,
            [
                ("receivedAt", { .time($0.receivedAt) }), ("type", { .text($0.type) }),
                ("source", { .text($0.identity.source) }), ("id", { .text($0.identity.id) }),
                ("outcome", { .text($0.outcome) }), ("reason", { .text($0.reason) }),
            ])
        return ReportPart(name: "messages", heading: "messages", listing: listing)
    }

    func timers(_ timers: [DueTimer]) -> ReportPart {
        let listing = Listing(
            of: timers,
            [
                ("timer", { .text($0.kind) }), ("reference", { .text($0.reference) }), ("dueAt", { .time($0.dueAt) }),
                ("tries", { .integer($0.tries) }),
            ])
        return ReportPart(name: "timers", heading: "timers", listing: listing)
    }

    func conflicts(_ conflicts: [FoundConflict]) -> ReportPart {
        let listing = Listing(
            of: conflicts,
            [
                ("number", { .integer($0.number) }), ("foundAt", { .time($0.foundAt) }), ("kind", { .text($0.kind) }),
                ("detail", { .text($0.detail) }),
            ])
        return ReportPart(name: "conflicts", heading: "conflicts", listing: listing)
    }
}
