import OrderCore

extension History {
    /// Valid orders and their facts alone: as much stock as anyone wants, nobody cancels, no timer fires. Some of it never
    /// arrives.
    package static func calm(seed: UInt64) -> History {
        var random = SeededGenerator(seed: seed ^ 0xCA1A)
        var start = Bench(
            { policy in
                policy.onInvalid = random.isLucky(50) ? .reject : .hold
                policy.receipt = random.isLucky(50) ? .delivered : .confirmed
                policy.reviewWindow = random.isLucky(50) ? 0 : 3_600
                policy.capture = random.isLucky(50) ? .gateway : random.isLucky(50) ? .onRelease : .onShip
            }, stock: ["A": 1_000])
        start.receive("B", "S", 1_000)
        start.followCalmRules(seed: seed)
        start.secondsPerBatch = 0
        var teller = Storyteller(seed: seed, live: start, random: random)
        for number in 1...teller.number(1...2) { teller.tellCalmly(number) }
        return History(teller, start: start)
    }
}

extension Storyteller {
    fileprivate mutating func tellCalmly(_ ordinal: Int64) {
        let order = pick(["web/\(ordinal)", "tm/\(ordinal)"])
        let term: PaymentTerm =
            order.hasPrefix("tm") ? .prepaid : pick([.online, .online, .online, .cashOnDelivery, .onAccount])
        // Which parcel holds what was produced depends on when it was.
        let goods = live.split == nil ? ["A", "A", "B", "B", "V", "M"] : ["A", "A", "B", "B", "V", "A"]
        let lines = (0..<number(1...3)).map { _ in
            OrderPlaced.Line.of(pick(goods), number(1...4), at: number(1...500))
        }
        let payable = lines.reduce(0) { $0 + $1.quantity * $1.unitPrice }
        tell { $0.placing(order, lines, term: term) }
        switch term {
        case .online: payCalmly(order, payable)
        case .cashOnDelivery: pay(order, payable, "cash")
        case .prepaid, .onAccount: break
        }
        for (index, line) in lines.enumerated() where line.sku == "M" {
            produce(order, Int64(index) + 1, line.quantity)
        }
        if live.split == nil {
            for warehouse in ["N", "S"] {
                let skus = warehouse == "N" ? ["A", "M"] : ["B"]
                let open = lines.enumerated().filter { skus.contains($1.sku) }.map { (Int64($0 + 1), $1.quantity) }
                shipCalmly(order, warehouse, open)
            }
        } else if let state = live.set.orders[order] {
            for fulfilment in state.fulfilments.all {
                let open = state.lines(of: fulfilment.id).map { ($0.key.line, $0.quantity) }
                shipCalmly(order, fulfilment.warehouse, open, as: fulfilment.id)
            }
        }
        if chance(50) || term != .prepaid { tell { $0.asking(.received, order) } }
        tell { $0.asking(.reviewed, order) }
    }

    /// It arrives, in time.
    private mutating func tell(_ message: (inout Bench) -> Message) { arrive(message(&live)) }

    private mutating func pay(_ order: String, _ amount: Int64, _ transaction: String) {
        tell { $0.paying(.captured, order, amount, "\(order) \(transaction)") }
        if chance(20) { tell { $0.paying(.captured, order, amount, "\(order) \(transaction)") } }
    }

    /// In parts, twice in full, or authorised first.
    private mutating func payCalmly(_ order: String, _ payable: Int64) {
        switch number(0...9) {
        case 0..<2:
            pay(order, payable, "T1")
            pay(order, payable, "T2")
        case 2..<6:
            tell { $0.paying(.authorized, order, payable, "\(order) T1") }
            let policy = live.set.reference.policy(of: OrderNumber.seller(of: order), kind: .internal)
            if policy.capture == .gateway { pay(order, payable, "T1") }
        default:
            var left = payable
            for part in 1...3 where left > 0 {
                let amount = part == 3 ? left : number(1...left)
                pay(order, amount, "T\(part)")
                left -= amount
            }
        }
    }

    private mutating func produce(_ order: String, _ line: Int64, _ quantity: Int64) {
        let first = number(1...quantity)
        tell { $0.producing(first, of: line, order, in: "N", document: "E\(line)a") }
        guard first < quantity else { return }
        tell { $0.producing(quantity - first, of: line, order, in: "N", document: "E\(line)b") }
    }

    /// What one warehouse has of it leaves in up to two parcels; now and then it is short of the last. Of what was split it
    /// says which part it speaks of.
    private mutating func shipCalmly(
        _ order: String, _ warehouse: String, _ lines: [(line: Int64, quantity: Int64)], as part: String? = nil
    ) {
        var open = lines
        guard !open.isEmpty else { return }
        for kind in [FulfilmentReport.Kind.accepted, .picking, .packed] where chance(50) {
            tell { $0.reporting(kind, order, from: warehouse, fulfilment: part) }
        }
        let tellsTotals = chance(20)
        var totals: [Int64: Int64] = [:]
        var parcel = 0
        while !open.isEmpty {
            parcel += 1
            var contents: [Int64: Int64] = [:]
            for (index, (line, quantity)) in open.enumerated() {
                let leaving = parcel == 2 ? quantity : number(0...quantity)
                if leaving > 0 { contents[line] = leaving }
                open[index].quantity -= leaving
            }
            open.removeAll { $0.quantity == 0 }
            guard !contents.isEmpty else { continue }
            if parcel == 2, chance(30) {
                tell { $0.reporting(.short, order, from: warehouse, contents, fulfilment: part, document: "S1") }
            } else {
                totals.merge(contents, uniquingKeysWith: +)
                let lines = tellsTotals ? totals.filter { contents[$0.key] != nil } : contents
                send(order, warehouse, "\(part ?? order) \(warehouse)\(parcel)", lines, part, isTotal: tellsTotals)
            }
        }
    }

    private mutating func send(
        _ order: String, _ warehouse: String, _ parcel: String, _ contents: [Int64: Int64], _ part: String?,
        isTotal: Bool
    ) {
        let shipped = live.reporting(
            .shipped, order, from: warehouse, parcel: parcel, contents, fulfilment: part, isCumulative: isTotal)
        arrive(shipped)
        if chance(20) { arrive(shipped.copied(id: "again \(parcel)")) }
        if chance(30) { tell { $0.tracking(parcel, "on the way", order, from: warehouse) } }
        tell { $0.reporting(.delivered, order, from: warehouse, parcel: parcel) }
    }
}
