import OrderStore
import Postgres

@testable import OrderCore

/// A small business on a database, of which stock is given out as lanes do: due rows one by one, and the sweep.
struct GiveOutWorld {
    let database: TestStore
    let store: Store
    var rules = RuleSet(label: "v1")
    /// What was told of stock that is short, by order.
    private(set) var shortages: [String] = []
    /// Turns that were not respected, shares that were oversold.
    private(set) var broken: [String] = []
    private var messages = 0

    /// Opens shops that hold what they can't serve, unless told otherwise, and warehouses.
    init(
        _ database: TestStore, shops: [String] = ["SHOP"], warehouses: [Warehouse], skus: [String] = ["A", "B"],
        _ policy: (inout StorePolicy) -> Void = { _ in }
    ) throws {
        self.database = database
        store = try database.store()
        var held = StorePolicy()
        held.onInvalid = .hold
        policy(&held)
        try run(shops.map { .reference(.seller(Seller(.internal, code: $0, policy: held))) })
        try run(warehouses.map { .reference(.warehouse($0)) })
        try run(skus.map { .reference(.product(Product(sku: $0))) })
        try database.letReferenceAge()
    }

    mutating func run(_ payloads: [Payload]) throws {
        let batch = payloads.map { payload in
            messages += 1
            let sender: Sender = if case .command = payload { .staff(roles: [.administrator]) } else { .system }
            return Message.test("message \(messages)", payload, sender: sender)
        }
        if batch.isEmpty { return }
        let queue = try keepers()
        let (loaded, changes, _) = try store.run(batch, following: rules)
        broken += try laws(changes, loaded.workingSet.orders, queue)
        for event in changes.events {
            if case .stockShort = event.payload { shortages.append(event.orderNumber ?? "") }
        }
    }

    mutating func receive(_ quantity: Int64, of sku: String, in warehouse: String) throws {
        let key = StockKey(sku: sku, warehouse: warehouse)
        try run([
            .stock(
                StockReport(
                    kind: .received, key: key, quantity: quantity, document: "D\(messages)", occurredAt: .noon))
        ])
    }

    /// - Parameter quantities: a line each.
    mutating func place(
        _ number: String, _ quantities: [(sku: String, units: Int64)], edit: (inout OrderPlaced) -> Void = { _ in }
    ) throws {
        var placed = OrderPlaced.test(number, skus: quantities.map(\.sku))
        placed.placedAt = Timestamp.noon.adding(seconds: Int64(messages))
        for index in quantities.indices { placed.lines[index].quantity = quantities[index].units }
        placed.claimedPayable = nil
        edit(&placed)
        try run([.orderPlaced(placed)])
    }

    mutating func look(_ number: String) throws {
        try run([.timer(Timer(kind: .revalidate, orderNumber: number, reference: "", dueAt: .noon))])
    }

    /// Lets fire what is due of giving out, one by one; returns how many orders were looked at.
    @discardableResult
    mutating func fireDue() throws -> Int {
        var looks = 0
        while let row = try store.connection.query(
            """
            DELETE FROM due WHERE (kind, order_number, reference) IN (
                SELECT kind, order_number, reference FROM due
                WHERE kind IN ('revalidate', 'give_out', 'passed_over') ORDER BY next_at LIMIT 1)
            RETURNING kind, order_number, reference
            """
        ).first {
            guard let kind = OrderCore.Timer.Kind(rawValue: try row.text(0)) else { continue }
            let number = try row.text(1)
            try run([
                .timer(
                    OrderCore.Timer(
                        kind: kind, orderNumber: number.isEmpty ? nil : number, reference: try row.text(2),
                        dueAt: .noon))
            ])
            if kind == .revalidate { looks += 1 }
            if looks > Self.mostLooks { throw Restless() }
        }
        return looks
    }

    /// Gives out and sweeps until nobody is called any more; returns how many orders were looked at.
    @discardableResult
    mutating func rest() throws -> Int {
        var looks = try fireDue()
        while try store.sweepStockHolds() > 0 {
            looks += try fireDue()
            if looks > Self.mostLooks { throw Restless() }
        }
        return looks
    }

    private static let mostLooks = 500

    /// Giving out does not end: somebody is called time and again.
    struct Restless: Error {}

    /// Who is held.
    func waiting() throws -> [String] {
        try store.connection.query(
            "SELECT DISTINCT order_number FROM holds WHERE closed_at IS NULL ORDER BY order_number"
        ).map { try $0.text(0) }
    }

    func reserved(_ sku: String) throws -> Int64 {
        try store.connection.query("SELECT coalesce(sum(reserved), 0)::bigint FROM stock WHERE sku = '\(sku)'").only()
            .int64(0)
    }
}
