internal import OrderCore
internal import TradingDay

/// What it costs to ask rules about orders, alone: CPU time of one thread, batch after batch.
struct RuleCost {
    private let batches: [[RuleSubject]]
    private static let batch = 200
    /// The events of an ordinary order.
    private static let events = [
        "order.accepted", "order.paid", "order.released", "fulfilment.requested", "order.shipped", "order.delivered",
        "order.completed",
    ]
    /// So often it is asked how long an ordinary order waits.
    private static let waits = 4

    /// Makes orders like those of the load.
    init(orders: Int, seed: UInt64) {
        var seed = Seed(seed)
        var batches: [[RuleSubject]] = []
        for start in stride(from: 0, to: orders, by: Self.batch) {
            var products: [String: Product] = [:]
            var subjects = (start..<min(start + Self.batch, orders)).map { Self.subject($0, &products, &seed) }
            for index in subjects.indices { subjects[index].products = products }
            batches.append(subjects)
        }
        self.batches = batches
    }

    private static func subject(_ place: Int, _ products: inout [String: Product], _ seed: inout Seed) -> RuleSubject {
        let number = "\(seed.number(1...100) <= 20 ? "partner" : "shop")/\(LoadOrder.firstNumber + place)"
        let isExternal = number.hasPrefix("partner")
        let now = Timestamp(microseconds: (1_790_000_000 + Int64(place)) * 1_000_000)
        let skus = Goods.skewed.draw([1, 1, 1, 1, 1, 2, 2, 2, 3, 5][Int(seed.number(0...9))], &seed)
        let lines = skus.enumerated().map { index, sku in
            products[sku] = products[sku] ?? product(sku, &seed)
            return OrderLine(
                number: Int64(index) + 1, sku: sku, type: .physical, quantity: seed.number(1...3),
                unitPrice: Goods.price)
        }
        var order = Order(
            number: number, kind: isExternal ? .external : .internal, paymentTerm: isExternal ? .prepaid : .online,
            currency: Currency(code: "CNY") ?? .none, status: .awaitingRelease,
            contentHash: ContentHash(high: 0, low: 0), placedAt: now)
        order.amounts.goods = lines.reduce(0) { $0 + $1.quantity * $1.unitPrice }
        order.payable = order.amounts.goods
        var receiver = Receiver()
        receiver.name = "王小明"
        receiver.phone = "13800138000"
        receiver.country = "CN"
        receiver.province = MadeRules.provinces[Int(seed.number(0...Int64(MadeRules.provinces.count - 1)))]
        receiver.city = receiver.province
        receiver.district = "浦东新区"
        receiver.address = "世纪大道 1001 号 3 号楼 1402 室"
        var contact = OrderContact(orderNumber: number, receiver: receiver)
        contact.buyer = "buyer-\(place % 500)"
        contact.remark = place % 3 == 0 ? LoadOrder.remark : nil
        var subject = RuleSubject(order, lines: lines, contact: contact, products: [:], now: now)
        subject.history[MadeRules.history] = place % 50 == 0 ? 1 : 0
        subject.part = RuleSubject.Part(
            warehouse: "east", quantities: Dictionary(uniqueKeysWithValues: lines.map { ($0.number, $0.quantity) }))
        return subject
    }

    private static func product(_ sku: String, _ seed: inout Seed) -> Product {
        var product = Product(sku: sku)
        product.title = "Product \(sku)"
        product.weight = seed.number(100...5_000)
        product.volume = seed.number(200...9_000)
        return product
    }

    /// Microseconds an order: every phase asked once.
    func once(_ book: RuleBook) -> Double {
        measure { subject, found in
            for phase in RulePhase.allCases where book.has(phase) {
                if phase == .output { subject.event = Self.events[0] }
                found += book.matches(phase, subject).count
            }
        }
    }

    /// Microseconds an order: asked as often as it is on its way from placed to completed.
    func wholeWay(_ book: RuleBook) -> Double {
        measure { subject, found in
            for phase in RulePhase.allCases where phase != .output && phase != .timing && book.has(phase) {
                found += book.matches(phase, subject).count
            }
            for event in Self.events where book.has(.output) {
                subject.event = event
                found += book.matches(.output, subject).count
            }
            for _ in 0..<Self.waits where book.has(.timing) { found += book.matches(.timing, subject).count }
        }
    }

    private func measure(_ ask: (inout RuleSubject, inout Int) -> Void) -> Double {
        var found = 0
        var orders = 0
        let start = PhaseClock.now
        for batch in batches {
            for var subject in batch { ask(&subject, &found) }
            orders += batch.count
        }
        let spent = PhaseClock.now - start
        // What is asked must not be left out as useless.
        precondition(found >= 0, "rules that match are counted")
        return Double(spent) / 1_000 / Double(max(orders, 1))
    }
}
