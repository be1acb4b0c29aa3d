/// Whether an order goes out in one parcel with others (合单).
public enum Merging: Hashable, Sendable {
    /// Rules are asked when it is ready to be handed over.
    case undecided
    /// A rule lets it wait until then for orders with the same key.
    case waiting(key: String, until: Timestamp)
    /// A person has put it together with orders of the same key: each waits until all are ready.
    case tied(key: String)
    /// It goes by itself, or has gone.
    case apart

    /// What the orders share that it may go with.
    public var key: String? {
        switch self {
        case .waiting(let key, _), .tied(let key): key
        case .undecided, .apart: nil
        }
    }

    /// A person has put it together with others.
    public var isTied: Bool { if case .tied = self { true } else { false } }
}

// A parcel of several orders is a fulfilment of its own to its warehouse, known as `<order number>-M1`: the part `-F1` of
// that order leads. Its row counts the events and our requests.
extension Fulfilment {
    /// The id of the parcel that this part leads.
    var mergedID: String {
        guard let dash = id.lastIndex(of: "-") else { return id }
        return id[..<dash] + "-M" + id[dash...].dropFirst(2)
    }

    /// Whether an id is that of a parcel in which several orders may travel.
    public static func isMerged(_ id: String) -> Bool {
        orderNumber(ofIdentifier: id) != nil && id.lastIndex(of: "-").map { id[$0...].hasPrefix("-M") } == true
    }

    /// What its warehouse knows it by.
    public var subject: String { travelsIn ?? id }

    /// The events and requests of the parcel it travels in are counted on this row.
    public var isLead: Bool { travelsIn == mergedID }

    /// It travels with other orders, and is not what its warehouse hears from us about.
    var isPassenger: Bool { travelsIn != nil && !isLead }

    /// It is asked to be taken out of its parcel, and may go on by itself.
    public var wishesToLeave: Bool { travelsIn != nil && (cancel == .requested || cancel == .unanswered) }

    /// Still to leave with the others, for all that anybody has asked.
    var isOnBoard: Bool { travelsIn != nil && state != .rejected && cancel != .agreed && !wishesToLeave }
}

extension OrderState {
    /// A report on all of a parcel says nothing of a part that has nothing to leave in it any more.
    func hasNothing(in part: Fulfilment, _ report: FulfilmentReport) -> Bool {
        part.travelsIn != nil && report.lines.isEmpty && lines(of: part.id).allSatisfy { $0.open == 0 }
    }

    /// The part that a warehouse knows by this id.
    func part(knownAs id: String) -> Fulfilment? {
        fulfilments[id] ?? (Fulfilment.isMerged(id) ? fulfilments.all.first { $0.travelsIn == id } : nil)
    }
}

extension Message {
    /// What is said of a parcel in which several orders travel, as one message an order. The first is for the order that
    /// leads, or for the first that is named; of what names lines of others alone it hears that it was said.
    ///
    /// - Parameter orders: all that travel in it: the one that leads, then the others, always in the same order.
    public func parts(for orders: [String]) -> [Message] {
        guard !orders.isEmpty else { return [self] }
        return orders.enumerated().compactMap { place, order in part(Int64(place), for: order) }
    }

    /// The part of it that is for one of its orders; none where it says nothing of it.
    public func part(_ place: Int64, for order: String) -> Message? {
        var copy = self
        copy.identity.part = place
        if place > 0 { copy.businessKey = businessKey.map { "\($0) \(order)" } }
        switch payload {
        case .fulfilment(let report):
            guard let part = report.part(for: order, isFirst: place == 0) else { return nil }
            copy.payload = .fulfilment(part)
        case .tracking(var checkpoint):
            checkpoint.orderNumber = order
            copy.payload = .tracking(checkpoint)
        default: return nil
        }
        return copy
    }
}

extension FulfilmentReport {
    /// It names lines, and none of its order.
    var isOfOthers: Bool { lines.isEmpty && !others.isEmpty }

    /// Orders whose lines it names, or the one that it names beside a parcel that another order leads.
    public var named: [OrderLines] {
        let lead = fulfilment.flatMap(Fulfilment.orderNumber(ofIdentifier:)) ?? orderNumber
        guard let orderNumber, !lines.isEmpty || others.isEmpty && orderNumber != lead else { return others }
        return [OrderLines(orderNumber: orderNumber, lines: lines)] + others
    }

    fileprivate func part(for order: String, isFirst: Bool) -> FulfilmentReport? {
        let named = named
        let own = named.first { $0.orderNumber == order }
        guard named.isEmpty || own != nil || isFirst else { return nil }
        var copy = self
        copy.orderNumber = order
        copy.lines = own?.lines ?? []
        copy.others = isFirst ? named.filter { $0.orderNumber != order } : []
        return copy
    }
}
