/// An order with everything that belongs to it, as loaded under its lock and as changed since.
public struct OrderState: Sendable {
    /// The head.
    public var order: Order
    /// Personal data.
    public var contact: Rows<OrderContact>
    /// Its lines.
    public var lines: Rows<OrderLine>
    /// What gateways said.
    public var facts: Rows<PaymentFact>
    /// What we asked of the payment side.
    public var requests: Rows<MoneyRequest>
    /// Open and closed holds.
    public var holds: Rows<Hold>
    /// Parts by warehouse.
    public var fulfilments: Rows<Fulfilment>
    /// What the parts carry.
    public var fulfilmentLines: Rows<FulfilmentLine>
    /// What left.
    public var parcels: Rows<Parcel>
    /// Facts that wait for this order, in the order of their arrival.
    public var parked: [Parked] = []

    /// The head as it stood before the message in hand.
    var orderBefore: Order?
    /// Its place among those that wait for stock, before the message in hand.
    var placeBefore: Backorder?
    /// What it lacks of stock, as far as the message in hand has asked.
    var lack: Backorder.Lack?
    /// What a write has to do for the head.
    public internal(set) var mark: Rows<Order>.Mark

    /// An order as loaded.
    public init(stored order: Order) {
        self.init(order, mark: .stored)
    }

    /// A new order.
    init(new order: Order) {
        self.init(order, mark: .inserted)
    }

    private init(_ order: Order, mark: Rows<Order>.Mark) {
        self.order = order
        self.mark = mark
        contact = Rows()
        lines = Rows()
        facts = Rows()
        requests = Rows()
        holds = Rows()
        fulfilments = Rows()
        fulfilmentLines = Rows()
        parcels = Rows()
    }

    /// The holds that are open.
    public var openHolds: [Hold] { holds.all.filter(\.isOpen) }

    /// Whether a hold with this reason is open.
    public func hasOpenHold(_ reason: HoldReason) -> Bool {
        holds.all.contains { $0.isOpen && $0.reason == reason }
    }

    /// The lines of a fulfilment.
    public func lines(of fulfilment: String) -> [FulfilmentLine] {
        fulfilmentLines.all.filter { $0.key.fulfilment == fulfilment }
    }

    /// The payments that count: those in the order's currency, oldest first.
    public var payments: [Payment] {
        Payment.derive(from: facts.all.filter { $0.currency == order.currency }, requests: requests.all)
    }
}

/// A fact that can't be applied yet.
public struct Parked: Sendable {
    /// The fact.
    public var message: Message
    /// What it waits for, for people: `order`, `released`, `parcel WH/1`, …
    public var waitsFor: String
    /// Parked by the batch in hand, not before.
    public var isNew: Bool

    /// Makes a parked fact.
    public init(message: Message, waitsFor: String, isNew: Bool) {
        self.message = message
        self.waitsFor = waitsFor
        self.isNew = isNew
    }
}
