package import OrderCore

/// What the laws keep beside the business, from what was said and written alone: they compare the two.
package struct Books: Sendable {
    /// Each order as its journal tells it.
    package var folded: [String: Folded] = [:]
    /// What was told of each order.
    var told: [String: Told] = [:]
    /// The last number of each stream of events.
    var numbers: [Stream: Int64] = [:]
    /// What the stock journal sums to.
    package var stock: [StockKey: StockSum] = [:]
    /// Every message that was decided.
    package private(set) var said: [MessageIdentity: Message] = [:]
    /// Parts that warehouses were asked to put into parcels with others.
    var boarded: Set<String> = []
    /// The warehouses' systems that were asked for each part.
    var askedFor: [Event.Subject: Set<String>] = [:]
    /// What carriers were told to collect, by request.
    var collected: [String: Int64] = [:]
    /// Facts of which somebody has heard that they wait for too long.
    var heardOf: Set<String> = []

    mutating func hear(_ message: Message) {
        said[message.identity] = message
        if case .timer(let timer) = message.payload, timer.kind == .parkedTooLong { heardOf.insert(timer.reference) }
    }

    /// The same source and id came before, with other content.
    func contradicts(_ message: Message) -> Bool {
        guard let known = said[message.identity] else { return false }
        return known.contentHash != message.contentHash
    }

    /// One receiver's events about one subject.
    struct Stream: Hashable {
        var receiver: String
        var subject: Event.Subject
    }
}

/// What the stock journal sums to.
package struct StockSum: Equatable, Sendable {
    package var onHand: Int64 = 0
    package var reserved: Int64 = 0
    package var missing: Int64 = 0

    mutating func add(_ movement: StockMovement) {
        onHand += movement.onHand
        reserved += movement.reserved
        missing += movement.missing
    }
}

/// What was told of an order: who listens can know no more.
struct Told {
    /// Events by name.
    var counts: [String: Int64] = [:]
    /// Taken off what a partner owes.
    var reversed: Int64 = 0
    /// What a gateway brought after the reversal, or above what is payable: that goes back beside it.
    var broughtLate: Int64 = 0
    /// Units of virtual lines.
    var delivered: Int64 = 0
    /// Hand-overs and wishes to stop, by fulfilment.
    var handedOver: [String: Int64] = [:]
    var stopped: [String: Int64] = [:]
    /// Wishes to change a fulfilment, by their ids: how often each was told.
    var amended: [String: [String: Int64]] = [:]

    mutating func hear(_ event: Event) {
        counts[event.payload.name, default: 0] += 1
        switch event.payload {
        case .settlementLine(_, let line): reversed += line.amount
        case .paymentRecorded(let summary, let fact) where fact.key.kind == .captured:
            broughtLate = max(broughtLate, summary.order.money.captured + reversed - summary.order.payable)
        case .virtualDelivered(_, let lines): delivered += lines.reduce(0) { $0 + $1.quantity }
        case .fulfilmentRequested(let request): handedOver[request.fulfilment.id, default: 0] += 1
        case .fulfilmentCancelRequested(let fulfilment, _, _, _): stopped[fulfilment.id, default: 0] += 1
        case .fulfilmentAmendRequested(let request):
            amended[request.fulfilment.id, default: [:]][request.requestID, default: 0] += 1
        default: break
        }
    }
}
