/// Who hears of an event (output): the table of the wire contract, with what rules add, leave out or send elsewhere.
extension Decider {
    /// What a warehouse must do and what finance must book always has one who hears of it. Written down is only what a rule
    /// has changed: rules are asked of every event. Who was handed a part hears of it whatever rules say later: it alone
    /// can stop it, and a second one that was asked would ship it again.
    mutating func receivers(
        of payload: EventPayload, _ state: OrderState, fulfilment id: String? = nil
    ) -> [String] {
        let told = id.flatMap { state.fulfilments[$0]?.warehouseReceivers } ?? []
        let usual = told.isEmpty ? payload.receivers(of: state.order.kind) : told
        /// Whether it is settled who hears of it of this kind.
        func isSettled(_ receiver: String) -> Bool { !told.isEmpty && EventPayload.isWarehouse(receiver) }
        guard set.reference.rules.has(.output) else { return usual }
        var subject = subject(state)
        subject.event = payload.name
        if let id { subject.part = state.part(id) }
        var receivers = usual
        for rule in set.reference.rules.matches(.output, subject) {
            for action in rule.actions where !action.receivers.contains(where: isSettled) {
                switch action {
                case .tell(let receiver) where !receivers.contains(receiver):
                    receivers.append(receiver)
                    note(rule, "\(receiver) hears of \(payload.name)", subject)
                case .leaveOut(let receiver)
                where receivers.contains(receiver) && !payload.needs(receiver, beside: receivers):
                    receivers.removeAll { $0 == receiver }
                    note(rule, "\(receiver) does not hear of \(payload.name)", subject)
                case .redirect(let from, let to):
                    guard let place = receivers.firstIndex(of: from),
                        !payload.needs(from, beside: receivers + [to])
                    else { continue }
                    if receivers.contains(to) { receivers.remove(at: place) } else { receivers[place] = to }
                    note(rule, "\(to) hears of \(payload.name) instead of \(from)", subject)
                default: break
                }
            }
        }
        return receivers
    }
}

extension Fulfilment {
    /// The warehouses' systems that it was handed to.
    fileprivate var warehouseReceivers: [String] { eventCounts.keys.filter(EventPayload.isWarehouse).sorted() }
}

extension RuleAction {
    /// The receivers that it speaks of.
    fileprivate var receivers: [String] {
        switch self {
        case .tell(let receiver), .leaveOut(let receiver): [receiver]
        case .redirect(let from, let to): [from, to]
        default: []
        }
    }
}

extension EventPayload {
    fileprivate static func isWarehouse(_ receiver: String) -> Bool { isReceiver(receiver, of: "wms") }

    /// Whether nobody else of a kind that has to hear of it (`wms`, `wms-north`) would hear of it without this receiver.
    fileprivate func needs(_ receiver: String, beside others: [String]) -> Bool {
        Self.neededReceivers(of: name).contains { kind in
            Self.isReceiver(receiver, of: kind)
                && !others.contains { $0 != receiver && Self.isReceiver($0, of: kind) }
        }
    }
}
