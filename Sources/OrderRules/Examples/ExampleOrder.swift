internal import OrderCore

/// The order of an example, ready to be asked about.
struct ExampleOrder: Hashable, Sendable {
    var order: Order
    var lines: [OrderLine]
    var contact: OrderContact
    var products: [String: Product]
    var now: Timestamp
    var available: [String: Int64] = [:]
    var event: String?
    var part: RuleSubject.Part?
    /// The buyer's orders before this one.
    var earlier: [Earlier] = []

    struct Earlier: Hashable, Sendable {
        var secondsAgo: Int64
        var hasSameGoods: Bool
    }

    /// The order, with its buyer's earlier ones counted as rules ask for them.
    func subject(histories: Set<BuyerHistory>) -> RuleSubject {
        var subject = RuleSubject(order, lines: lines, contact: contact, products: products, now: now)
        (subject.available, subject.event, subject.part) = (available, event, part)
        for history in histories {
            let counted = earlier.filter {
                $0.secondsAgo <= history.seconds && ($0.hasSameGoods || !history.hasSameGoods)
            }
            subject.history[history] = Int64(counted.count)
        }
        return subject
    }
}
