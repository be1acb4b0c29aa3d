package import OrderCore

/// What a store looks up for orders that go together.
extension Bench {
    /// A due row with the other orders that it is about.
    package func named(_ timer: Timer) -> Timer {
        var timer = timer
        let orders = set.orders.values.filter { state in
            switch timer.kind {
            case .merge: state.order.merging.key == timer.reference
            case .amendParcel, .handOverInDoubt: state.fulfilments.all.contains { $0.travelsIn == timer.reference }
            default: false
            }
        }
        timer.others = orders.map(\.order.number).filter { $0 != timer.orderNumber }.sorted()
        return timer
    }

    /// A report as the messages that it is to the orders of its parcel.
    package func parts(of message: Message) -> [Message] {
        guard case .fulfilment(let report) = message.payload else { return [message] }
        if report.kind == .delivered, let shipment = report.shipment {
            let holders = set.orders.values.filter { $0.parcels.all.contains { $0.key.shipment == shipment } }
            return message.parts(for: holders.map(\.order.number).sorted())
        }
        guard let parcel = report.fulfilment, let lead = Fulfilment.orderNumber(ofIdentifier: parcel) else {
            return [message]
        }
        let others = set.orders.values.filter { state in
            state.order.number != lead && state.fulfilments.all.contains { $0.travelsIn == parcel }
        }
        return message.parts(for: [lead] + others.map(\.order.number).sorted())
    }

    /// Orders may go out together in this world.
    var merges: Bool { self.set.reference.rules.has(.merge) }
}
