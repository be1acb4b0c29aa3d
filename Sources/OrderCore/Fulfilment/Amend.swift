/// A change of what a warehouse was handed, as far as it is asked for: one at a time.
public struct Amend: Hashable, Sendable {
    /// How far it is.
    public var state: CancelState = .none
    /// The number of the request that asks for it, which is kept when it is asked again; 0 where none was, or not yet: a parcel
    /// of several orders is asked for by a due row.
    public var request: Int64 = 0
    /// How often it was asked for.
    public var tries: Int64 = 0
    /// Who gets the goods has changed.
    public var isOfReceiver = false
    /// What the carrier is to collect once it is agreed to, minor units.
    public var collect: Int64?

    /// Nothing is asked for.
    public init() {}

    /// Asked for, and not answered yet.
    public var isOpen: Bool { state == .requested || state == .unanswered }
}

extension Fulfilment {
    /// The id of the request that asks for the change.
    public var amendID: String { "\(subject).\(amend.request)" }

    /// Its warehouse has not said yet whether it ships it as it was, or changed.
    var isAmendOpen: Bool { amend.isOpen && state.isWithWarehouse }
}

extension FulfilmentLine {
    /// Units of it that the fulfilment ships in all once its warehouse agrees to what is asked of it.
    var amended: Int64 { quantity - cancelled - min(asked, open) }
}

extension OrderState {
    /// The lines of a part as its warehouse is asked for them: what it has refused to leave out leaves.
    func wishedLines(of part: Fulfilment) -> [FulfilmentLine] {
        lines(of: part.id).map { line in
            var line = line
            if !part.isAmendOpen { line.asked = 0 }
            return line
        }
    }

    /// All that a part is to ship as its warehouse is asked for it, what has left included; of one that is to leave the parcel
    /// that it travels in, only that.
    func amended(_ part: Fulfilment) -> [EventPayload.AmendRequest.Line] {
        let stays = part.travelsIn == nil || part.isOnBoard
        return wishedLines(of: part).compactMap { line in
            let units = stays ? line.amended : line.shipped
            guard units > 0 else { return nil }
            return EventPayload.AmendRequest.Line(
                orderNumber: order.number, line: line.key.line, sku: line.sku, quantity: units)
        }
    }
}
