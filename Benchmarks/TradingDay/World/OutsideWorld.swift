/// The receivers of our events and what they answer: warehouses, gateways, ERP, storefronts, staff. Pure: the same events
/// in the same order give the same answers.
public struct OutsideWorld: Sendable {
    /// An answer, and how long its sender takes to think.
    public struct Answer: Sendable {
        /// Milliseconds after the event was heard.
        public var after: Int64
        /// What is sent.
        public var message: OutsideMessage
        /// Goods of this fulfilment leave with it: not sent any more once the fulfilment was stopped, or changed.
        var ships: String?
        /// How often that had been changed before.
        var edition = 0
        /// Somebody sees to this hold: not sent any more once it was closed otherwise.
        var hold: String?
    }

    /// The queues that somebody listens to: those of the wire contract, then those of receivers that rules name.
    public let queues: [String]
    private static let contract = [
        "wms.fulfilments", "erp.orders", "finance.postings", "payments.requests", "partners.notifications",
        "storefront.updates", "ops.alerts",
    ]

    /// What each receiver has heard, by queue.
    public private(set) var books: [String: ReceiverBooks] = [:]
    /// What nobody could read.
    public private(set) var unreadable = 0

    let staff: Sender
    let orders: [String: PlannedOrder]
    /// Fulfilments that a warehouse has agreed to stop.
    var stopped: Set<String> = []
    /// Fulfilments of which something has left.
    var left: Set<String> = []
    /// How often a warehouse has changed a fulfilment as it was asked to.
    var editions: [String: Int] = [:]
    /// Requests to change a fulfilment that its warehouse has agreed to.
    var agreed: Set<String> = []
    /// Orders that staff wait with for another, and that are paid.
    var paid: Set<String> = []
    /// Holds that were closed.
    var closed: Set<String> = []

    /// The world of a day.
    public init(_ day: TradingDay) {
        staff = Sender("console", .structured, user: day.settings.staffUser)
        orders = Dictionary(day.book.orders.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(Self.contract.compactMap { $0.split(separator: ".").first.map(String.init) } + ["partner"])
        let named = day.settings.namedReceivers.subtracting(known).sorted().map { $0 + ".events" }
        queues = Self.contract + named
        for queue in queues { books[queue] = ReceiverBooks() }
    }

    /// Hears one event and gives what is sent in answer.
    public mutating func hear(_ body: [UInt8], from queue: String, at now: Moment) -> [Answer] {
        guard let event = HeardEvent.read(body) else {
            unreadable += 1
            return []
        }
        guard
            books[queue, default: ReceiverBooks()].book(id: event.id, subject: event.subject, sequence: event.sequence),
            let order = event.data.orderNumber.flatMap({ orders[$0] })
        else { return [] }
        return switch event.type {
        case "fulfilment.requested.v1": fulfil(event.data, order, now)
        case "fulfilment.cancel_requested.v1": stop(event.data, order, now)
        case "fulfilment.amend_requested.v1": amend(event.data, order, now)
        case "refund.requested.v1", "capture.requested.v1", "void.requested.v1": settle(event, order, now)
        case "production.requested.v1": produce(event.data, order, now)
        case "order.delivered.v1" where queue == "storefront.updates": receive(order, now)
        case "order.accepted.v1" where queue == "storefront.updates": change(accepted: order, now)
        case "order.paid.v1" where queue == "storefront.updates": change(paid: order, now)
        case "hold.opened.v1": attend(event, order, now)
        case "hold.closed.v1": close(event, order)
        default: []
        }
    }

    /// The answer, if it still makes sense when its time has come.
    public mutating func send(_ answer: Answer) -> OutsideMessage? {
        if let hold = answer.hold, closed.contains(hold) { return nil }
        guard let fulfilment = answer.ships else { return answer.message }
        guard !stopped.contains(fulfilment), answer.edition == editions[fulfilment, default: 0] else { return nil }
        left.insert(fulfilment)
        return answer.message
    }
}
