/// What is sent whatever is heard, in the order of its time.
public struct Script: Sendable {
    /// A message and when it is sent, milliseconds from the start of the day.
    public struct Entry: Sendable {
        /// Milliseconds from the start of the day.
        public var at: Int64
        /// What.
        public var message: OutsideMessage
    }

    /// By time.
    public let entries: [Entry]

    init(book: OrderBook, start: Moment, overMilliseconds span: Int64, seed: UInt64) {
        var entries: [Entry] = []
        for order in book.orders {
            for (after, message) in Self.unprompted(order, start) {
                entries.append(Entry(at: order.placedAt + after, message: message))
            }
        }
        entries.append(
            Entry(at: span * 2 / 3, message: Catalogue.recount(at: start.adding(span * 2 / 3_000))))
        entries += Rubbish.messages(seed: seed, start: start).enumerated().map { index, message in
            Entry(at: (Int64(index) * 97) % max(span, 1), message: message)
        }
        // Stable: what has the same time keeps its order.
        self.entries = entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    /// What one order's buyer, seller and gateway send, milliseconds after it was placed.
    private static func unprompted(_ order: PlannedOrder, _ start: Moment) -> [(Int64, OutsideMessage)] {
        let time = start.adding(order.placedAt / 1_000)
        let placed = order.placed(at: time)
        let pause = 100 + order.luck * 8
        let paid = (pause, order.payment(order.isAuthorizedFirst ? "authorized" : "captured", order.payable, at: time))
        switch order.story {
        case .paidBeforePlaced: return [(0, paid.1), (200, placed)]
        case .everythingTwice:
            let again = order.placed(at: time, id: "\(order.number)-placed-again")
            guard order.term == "online" else { return [(0, placed), (30, placed), (250, again)] }
            let fact = order.payment(
                order.isAuthorizedFirst ? "authorized" : "captured", order.payable, at: time,
                id: "\(order.number)-paid-again")
            return [(0, placed), (30, placed), paid, (pause + 20, paid.1), (pause + 300, again), (pause + 350, fact)]
        case .placedAgainWithOtherContent:
            let other = order.placed(at: time, id: "\(order.number)-placed-other", remark: "another order altogether")
            return [(0, placed)] + (order.term == "online" ? [paid] : []) + [(pause + 300, other)]
        case .callbacksBeforeRelease:
            let (fulfilment, parcel) = (order.firstFulfilment, "\(order.firstFulfilment)-P1")
            let early = [
                (Int64(0), order.report("accepted", of: fulfilment, warehouse: "unknown", at: time)),
                (Int64(5), order.report("shipped", of: fulfilment, warehouse: "unknown", at: time, parcel: parcel)),
            ]
            return early + [(20, placed)] + (order.term == "online" ? [paid] : [])
        case .cancelledUnpaid: return [(0, placed), (400, order.wish("cancel", at: time))]
        case .cancelledPaid: return [(0, placed), paid, (pause + 300, order.wish("cancel", at: time))]
        default: return [(0, placed)] + payments(order, paid, time)
        }
    }

    private static func payments(
        _ order: PlannedOrder, _ paid: (Int64, OutsideMessage), _ time: Moment
    ) -> [(Int64, OutsideMessage)] {
        guard order.term == "online" else { return [] }
        let pause = paid.0
        switch order.story {
        case .unpaid: return []
        case .underpaid: return [(pause, order.payment("captured", order.payable * 6 / 10, at: time))]
        case .overpaid: return [(pause, order.payment("captured", order.payable + 5_000, at: time))]
        case .paidInTwoParts:
            let first = order.payable / 3
            return [
                (pause, order.payment("captured", first, at: time)),
                (pause + 150, order.payment("captured", order.payable - first, at: time, gateway: "points-bank")),
            ]
        case .paidTwice:
            return [paid, (pause + 200, order.payment("captured", order.payable, transaction: 2, at: time))]
        case .failedThenPaid:
            return [
                (pause, order.payment("failed", order.payable, at: time)),
                (pause + 500, order.payment("captured", order.payable, transaction: 2, at: time)),
            ]
        case .paidInOtherCurrency: return [(pause, order.payment("captured", order.payable, at: time, currency: "USD"))]
        case .sameReferenceOtherAmount:
            let other = order.payment(
                "captured", order.payable + 1, at: time, id: "\(order.number)-paid-other-amount")
            return [paid, (pause + 200, other)]
        // Some buyers of what is rejected have paid before they are told.
        case _ where order.story.isInvalid: return order.luck < 40 ? [paid] : []
        default: return [paid]
        }
    }
}
