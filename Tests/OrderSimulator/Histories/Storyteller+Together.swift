import OrderCore

/// What is said of orders that go out together.
extension Storyteller {
    /// Staff put orders together and take them apart, and a warehouse speaks of a parcel as a whole.
    mutating func sayTogether(_ state: OrderState) -> Bool {
        let order = state.order.number
        let others = live.placed.filter { $0 != order }
        if chance(6), !others.isEmpty {
            say(live.commanding(.merge(with: chance(70) ? [pick(others)] : others), order))
            return true
        }
        if chance(state.fulfilments.all.contains { $0.travelsIn != nil } ? 15 : 3) {
            say(live.commanding(.unmerge, order))
            return true
        }
        if chance(3), state.order.status.isBeforeRelease {
            say(live.commanding(.editReceiver(.someone), order))
            return true
        }
        let due = live.timers.values.filter { $0.kind == .merge || $0.kind == .amendParcel }
        let isLeaving = due.contains { $0.kind == .amendParcel }
        if chance(isLeaving ? 60 : 20), let timer = due.sorted(by: { $0.place < $1.place }).first {
            var fired = live.firing(timer)
            fired.receivedAt = max(live.now, timer.dueAt)
            say(fired)
            return true
        }
        let parcels = state.fulfilments.all.filter { $0.travelsIn != nil && $0.state.isWithWarehouse }
        let isAsked = { (part: Fulfilment) in part.wishesToLeave ? part.leaveNumber > 0 : part.amend.isOpen }
        if let part = parcels.first(where: isAsked), chance(50) {
            speak(of: part, oneOf: [.amended, .amended, .amended, .amendRefused, .cancelled])
            return true
        }
        guard chance(40), !parcels.isEmpty else { return false }
        speak(of: pick(parcels))
        return true
    }

    private mutating func speak(of part: Fulfilment, oneOf possible: [FulfilmentReport.Kind] = []) {
        var kinds: [FulfilmentReport.Kind] = [
            .accepted, .packed, .shipped, .shipped, .shipped, .rejected, .cancelled, .delivered, .short,
        ]
        let leads = live.set.orders.values.flatMap(\.fulfilments.all).first {
            $0.isLead && $0.travelsIn == part.travelsIn
        }
        let number = leads?.requestNumber ?? 1
        if number > 1 { kinds += [.amended, .amended, .amendRefused] }
        let kind = pick(possible.isEmpty ? kinds : possible)
        let isParcel = kind == .shipped || kind == .delivered
        let answers = kind == .amended || kind == .amendRefused || (kind == .cancelled && number > 1)
        // Now and then it answers what was asked before.
        let request = chance(75) ? number : self.number(min(2, number)...number)
        let whole = live.reporting(
            kind, Fulfilment.orderNumber(ofIdentifier: part.subject) ?? "", from: part.warehouse,
            parcel: isParcel ? "\(part.subject) P\(self.number(1...2))" : nil, fulfilment: part.subject,
            document: answers ? nil : document, answering: answers ? "\(part.subject).\(request)" : nil)
        for message in live.parts(of: whole) { say(message) }
    }
}
