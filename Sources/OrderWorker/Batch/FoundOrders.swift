internal import OrderCore
internal import OrderStore

/// Orders that a batch is about without naming them: looked up before it is loaded.
struct FoundOrders {
    /// By parcel, as messages name it.
    var holding: [ParcelName: [String]] = [:]
    /// By the parcel in which several travel.
    var travelling: [String: [String]] = [:]
    /// By what they share that wait to go out together.
    var sharing: [String: [String]] = [:]

    init() {}

    /// Looks up what a plan asks for; nothing where it asks for nothing.
    init(_ plan: BatchPlan, _ store: Store) throws(StoreError) {
        holding = try store.orders(ofParcels: Array(plan.parcels))
        travelling = try store.orders(travellingIn: plan.shared)
        sharing = try store.orders(sharing: plan.mergeKeys)
    }

    /// The orders that a message is about, where its own name is not all of it.
    func orders(of planned: PlannedMessage) -> [String]? {
        guard planned.message.identity.part == 0 else { return nil }
        if let parcel = planned.message.sharedParcel {
            // What is said of an order that is not in it is for that order all the same: it waits there for people.
            return travelling[parcel].map { inside in
                inside + planned.message.namedOrders.filter { !inside.contains($0) }
            }
        }
        return planned.parcel.flatMap { holding[$0] }
    }
}

extension BatchPlan {
    /// It is about orders that it does not name.
    var looksForOrders: Bool { !parcels.isEmpty || !shared.isEmpty || !mergeKeys.isEmpty }
}

extension Message {
    /// The parcel in which several orders travel, of what is said of all of it.
    var sharedParcel: String? {
        guard case .fulfilment(let report) = payload, !report.kind.isJourney, let id = report.fulfilment,
            Fulfilment.isMerged(id)
        else { return nil }
        return id
    }

    /// The orders that a report on a parcel names.
    fileprivate var namedOrders: [String] {
        guard case .fulfilment(let report) = payload else { return [] }
        return report.named.map(\.orderNumber)
    }

    /// The parcel that it names without an order.
    var parcel: ParcelName? {
        switch payload {
        case .fulfilment(let report):
            guard report.orderNumber == nil, let shipment = report.shipment else { return nil }
            return ParcelName(warehouse: report.warehouse, shipment: shipment)
        case .tracking(let checkpoint):
            guard checkpoint.orderNumber == nil else { return nil }
            return ParcelName(warehouse: checkpoint.warehouse, shipment: checkpoint.shipment)
        default: return nil
        }
    }
}

extension FulfilmentReport.Kind {
    /// About a parcel that has left.
    fileprivate var isJourney: Bool { self == .delivered || self == .lost || self == .returnedToSender }
}
