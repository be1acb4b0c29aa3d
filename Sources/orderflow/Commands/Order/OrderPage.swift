internal import OrderCore
internal import OrderStore

/// An order with its parts, as listings.
struct OrderPage {
    let state: OrderState
    let isRevealed: Bool

    var parts: [ReportPart] { [head, contact, lines, holds, payments, requests, fulfilments, parcels] }

    private var currency: String { state.order.currency.code }

    private func money(_ amount: Int64?) -> Cell { .money(amount, currency: currency) }

    private var head: ReportPart {
        let listing = Listing(
            of: [state.order],
            [
                ("number", { .text($0.number) }), ("kind", { .text($0.kind.rawValue) }),
                ("status", { .text($0.status.rawValue) }), ("payment", { .text($0.paymentState.rawValue) }),
                ("paymentTerm", { .text($0.paymentTerm.rawValue) }), ("version", { .integer($0.version) }),
                ("placedAt", { .time($0.placedAt) }), ("goods", { money($0.amounts.goods) }),
                ("discount", { money($0.amounts.discount) }), ("deduction", { money($0.amounts.deduction) }),
                ("shipping", { money($0.amounts.shipping) }), ("tax", { money($0.amounts.tax) }),
                ("payable", { money($0.payable) }), ("due", { money($0.due) }),
                ("authorized", { money($0.money.authorized) }), ("captured", { money($0.money.captured) }),
                ("refunded", { money($0.money.refunded) }), ("refundPending", { money($0.money.refundPending) }),
                ("chargedBack", { money($0.money.chargedBack) }), ("shippedAt", { .time($0.shippedAt) }),
                ("deliveredAt", { .time($0.deliveredAt) }), ("receivedAt", { .time($0.receivedAt) }),
            ])
        return ReportPart(name: "order", heading: "order", listing: listing, isSingle: true)
    }

    private var contact: ReportPart {
        func shown(_ text: String?, _ mask: (String) -> String) -> Cell {
            .text(text.map { isRevealed ? $0 : mask($0) })
        }
        let listing = Listing(
            of: state.contact.all,
            [
                ("name", { shown($0.receiver.name, Masking.name) }),
                ("phone", { shown($0.receiver.phone, Masking.phone) }),
                ("address", { shown($0.receiver.address, Masking.all) }),
                ("district", { shown($0.receiver.district, Masking.all) }), ("city", { .text($0.receiver.city) }),
                ("province", { .text($0.receiver.province) }), ("country", { .text($0.receiver.country) }),
                ("postalCode", { shown($0.receiver.postalCode, Masking.all) }),
                ("buyer", { shown($0.buyer, Masking.all) }), ("remark", { shown($0.remark, Masking.all) }),
            ])
        return ReportPart(name: "contact", heading: "receiver", listing: listing)
    }

    private var lines: ReportPart {
        let listing = Listing(
            of: state.lines.all,
            [
                ("line", { .integer($0.number) }), ("sku", { .text($0.sku) }), ("type", { .text($0.type.rawValue) }),
                ("quantity", { .integer($0.quantity) }), ("unitPrice", { money($0.unitPrice) }),
                ("share", { money($0.share) }), ("shipped", { .integer($0.shipped) }),
                ("cancelled", { .integer($0.cancelled) }), ("returned", { .integer($0.returned) }),
            ])
        return ReportPart(name: "lines", heading: "lines", listing: listing)
    }

    private var holds: ReportPart {
        let listing = Listing(
            of: state.holds.all,
            [
                ("hold", { .integer($0.number) }), ("reason", { .text($0.reason.rawValue) }),
                ("path", { .text($0.path) }), ("openedAt", { .time($0.openedAt) }),
                ("closedAt", { .time($0.closedAt) }), ("closing", { .text($0.closing?.rawValue) }),
                ("closedBy", { .text($0.closedBy) }), ("detail", { .text($0.detail) }),
            ])
        return ReportPart(name: "holds", heading: "holds", listing: listing)
    }

    private var payments: ReportPart {
        let listing = Listing(
            of: state.facts.all.sorted { $0.sequence < $1.sequence },
            [
                ("gateway", { .text($0.key.gateway) }), ("transaction", { .text($0.key.transaction) }),
                ("kind", { .text($0.key.kind.rawValue) }), ("reference", { .text($0.key.reference) }),
                ("amount", { .money($0.amount, currency: $0.currency.code) }),
                ("occurredAt", { .time($0.occurredAt) }),
            ])
        return ReportPart(name: "payments", heading: "payments", listing: listing)
    }

    private var requests: ReportPart {
        let listing = Listing(
            of: state.requests.all,
            [
                ("request", { .text($0.requestID) }), ("kind", { .text($0.kind.rawValue) }),
                ("transaction", { .text($0.transaction) }), ("amount", { money($0.amount) }),
                ("state", { .text($0.state.rawValue) }), ("tries", { .integer($0.tries) }),
                ("requestedAt", { .time($0.requestedAt) }), ("reason", { .text($0.reason) }),
            ])
        return ReportPart(name: "moneyRequests", heading: "asked of the payment side", listing: listing)
    }

    private var fulfilments: ReportPart {
        let warehouses = Dictionary(state.fulfilments.all.map { ($0.id, $0) }) { first, _ in first }
        let listing = Listing(
            of: state.fulfilmentLines.all,
            [
                ("fulfilment", { .text($0.key.fulfilment) }),
                ("warehouse", { .text(warehouses[$0.key.fulfilment]?.warehouse) }),
                ("state", { .text(warehouses[$0.key.fulfilment]?.state.rawValue) }),
                ("cancel", { .text(warehouses[$0.key.fulfilment]?.cancel.rawValue) }),
                ("amend", { .text(warehouses[$0.key.fulfilment]?.amend.state.rawValue) }),
                ("travelsIn", { .text(warehouses[$0.key.fulfilment]?.travelsIn) }),
                ("line", { .integer($0.key.line) }), ("sku", { .text($0.sku) }),
                ("quantity", { .integer($0.quantity) }), ("asked", { .integer($0.asked) }),
                ("reserved", { .integer($0.reserved) }), ("shipped", { .integer($0.shipped) }),
                ("cancelled", { .integer($0.cancelled) }),
            ])
        return ReportPart(name: "fulfilments", heading: "fulfilments", listing: listing)
    }

    private var parcels: ReportPart {
        let listing = Listing(
            of: state.parcels.all,
            [
                ("warehouse", { .text($0.key.warehouse) }), ("shipment", { .text($0.key.shipment) }),
                ("state", { .text($0.state.rawValue) }), ("carrier", { .text($0.carrier) }),
                ("tracking", { .text($0.trackingNumber) }),
                ("grams", { .integer($0.weight) }),
                ("freight", { .money($0.freight, currency: state.order.currency.code) }),
                ("shippedAt", { .time($0.shippedAt) }),
                (
                    "units",
                    { parcel in
                        .text(zip(parcel.lines, parcel.quantities).map { "line \($0): \($1)" }.joined(separator: ", "))
                    }
                ),
            ])
        return ReportPart(name: "parcels", heading: "parcels", listing: listing)
    }
}
