/// Staff: who looks at what is held, and changes what buyers have thought over.
extension OutsideWorld {
    /// An order is held: staff look at some.
    mutating func attend(_ event: HeardEvent, _ order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard let reason = event.data.hold?.reason, order.luck < 60 else { return [] }
        closed.remove("\(order.number) \(reason)")
        switch reason {
        case "price_mismatch":
            return command("override", order, now, reason: "price agreed by phone", [("holdReason", .text(reason))])
        case "receiver_incomplete":
            return command(
                "edit_receiver", order, now, reason: "asked the buyer",
                [("receiver", order.home.receiver())])
        // Where rules source again by themselves it is closed before anybody looks.
        case "warehouse_rejected":
            return command("retry", order, now, reason: "another warehouse has it", [], for: reason)
        // What rules would have people look at.
        case "high_value", "buyer_remark", "unusual_quantity", "first_order", "suspected_double", "manual",
            "rule_violated":
            return command(
                "release", order, now, reason: "looked at, it is as it should be", [("holdReason", .text(reason))],
                for: reason)
        case "cancel_refused", "amend_refused":
            return command(
                "release", order, now, reason: "the buyer knows that it comes as it was",
                [("holdReason", .text(reason))],
                for: reason)
        default: return []
        }
    }

    /// A hold is closed: nobody has to see to it any more.
    mutating func close(_ event: HeardEvent, _ order: PlannedOrder) -> [Answer] {
        if let reason = event.data.hold?.reason { closed.insert("\(order.number) \(reason)") }
        return []
    }

    /// The buyer calls before any warehouse has it.
    func change(accepted order: PlannedOrder, _ now: Moment) -> [Answer] {
        order.story == .fewerUnitsEarly ? cancelUnit(of: order, now, after: 50) : []
    }

    /// Once all is paid that the buyer wants in one parcel, nobody has to wait for more.
    mutating func change(paid order: PlannedOrder, _ now: Moment) -> [Answer] {
        guard order.story == .oneParcelByStaff, let other = order.companion else { return [] }
        paid.insert(order.number)
        guard paid.contains(other) else { return [] }
        return command(
            "merge", order, now, reason: "the buyer has ordered all of it", [("orders", [.text(other)])], after: 300)
    }

    /// What a buyer, or staff for him, wants while a warehouse has it.
    func change(at work: Work) -> [Answer] {
        let now = work.now
        switch work.order.story {
        case .fewerUnits: return cancelUnit(of: work.order, now, after: 150)
        case .otherReceiver:
            return command(
                "edit_receiver", work.order, now, reason: "the buyer is away",
                [("receiver", work.order.home.nextDoor.receiver())], after: 150)
        // The one that came last, or the one that leads the parcel.
        case .outOfParcel, .cancelledFromParcel:
            let orders = work.orders.compactMap { self.orders[$0] }
            guard let order = work.order.luck % 3 == 0 ? orders.first : orders.last, work.isShared else { return [] }
            guard order.story == .outOfParcel else {
                return [Answer(after: 150, message: order.wish("cancel", at: now), ships: nil)]
            }
            return command("unmerge", order, now, reason: "one of them is a present", [], after: 150)
        default: return []
        }
    }

    private func cancelUnit(of order: PlannedOrder, _ now: Moment, after pause: Int64) -> [Answer] {
        command(
            "cancel_lines", order, now, reason: "one too many", [("lines", [["line": 1, "quantity": 1]])], after: pause)
    }

    private func command(
        _ name: String, _ order: PlannedOrder, _ now: Moment, reason: String, _ more: [(String, JSON)],
        for hold: String? = nil, after pause: Int64 = 700
    ) -> [Answer] {
        let message = staff.message(
            "order.command", id: "\(order.number)-\(name)-\(hold ?? "")", to: "staff.command", at: now,
            .object(
                [
                    ("command", .text(name)), ("orderNumber", .text(order.number)), ("by", "sun.li"),
                    ("reason", .text(reason)),
                ] + more))
        return [Answer(after: pause, message: message, hold: hold.map { "\(order.number) \($0)" })]
    }
}
