import OrderCore

/// What rules give goes with what earned it, and is had once where it is given once (`P8`).
extension Bench {
    func giftLaws(_ state: OrderState) -> [String] {
        let given = state.lines.all.filter { $0.gift != nil }
        guard !given.isEmpty else { return [] }
        var found: [String] = []
        let isOrderGone = state.lines.all.allSatisfy { $0.gift != nil || $0.cancelled == $0.quantity }
        // Warehouses that were asked to stop it may ship it all the same.
        let wasToStop = state.holds.all.contains { $0.reason == .cancelling }
        if isOrderGone, !wasToStop, given.contains(where: { $0.open > 0 }) {
            found.append("only gifts are left of it, and it goes on")
        }
        for (rule, gift) in set.reference.rules.gifts where gift.isOncePerBuyer {
            guard let key = GiftAction.key(rule, state.order.seller, state.contact.all.first?.buyer) else { continue }
            let isHad = given.contains { $0.gift == rule && $0.cancelled + $0.returned < $0.quantity }
            if isHad != (set.businessKeys[key] == state.order.contentHash) {
                found.append(isHad ? "another order has the gift, too" : "its gift is gone, and can't be had again")
            }
        }
        return found
    }
}
