import OrderCore

/// Anything anyone might say, sensible or not: little stock, many cancels, facts about things that may not be there.
extension History {
    static func wild(seed: UInt64) -> History {
        var history = History(seed: seed, stock: 4...20)
        history.setPolicies()
        let orders = Array(["web/1", "tm/1", "web/2"].prefix(Int(history.number(1...3))))
        for order in orders {
            history.place(order)
            if history.chance(15) { history.place(order) }
        }
        // Played along one by one, so that what is said next can fit what has become of it.
        var live = history.played(history.messages) { _ in true }
        for _ in 0..<history.number(6...30) {
            let said = history.messages.count
            let order = history.pick(orders)
            if history.chance(75) { history.saySensibly(order, live) } else { history.sayAnything(order) }
            if history.chance(10), let last = history.messages.last {
                history.messages.append(last.copied(id: "copy \(history.messages.count)"))
            }
            for message in history.messages[said...] where live.broken.isEmpty { live.feed(message) }
        }
        // Mostly as it was said, some of it swapped.
        for _ in 0..<history.number(0...6) {
            let (one, other) = (
                Int.random(in: 0..<history.messages.count, using: &history.random),
                Int.random(in: 0..<history.messages.count, using: &history.random)
            )
            history.messages.swapAt(one, other)
        }
        return history
    }

    private mutating func sayAnything(_ order: String) {
        switch number(0...99) {
        case 0..<25: tellOfPayment(order)
        case 25..<60: tellOfFulfilment(order)
        case 60..<68: wish(order)
        case 68..<76: command(order)
        case 76..<86: tellOfStock()
        case 86..<88: produce(order)
        default: fire(order)
        }
    }

    private mutating func setPolicies() {
        for seller in [SellerKey(.internal, "web"), SellerKey(.external, "tm")] {
            var policy = bench.set.reference.sellers[seller]?.policy
            policy?.capture = pick([.gateway, .gateway, .onRelease, .onShip])
            policy?.releaseDelay = pick([0, 0, 60])
            policy?.allowsSplitBackorders = chance(30)
            policy?.paymentTolerance = pick([0, 0, 5])
            guard let policy else { continue }
            bench.set.reference.sellers[seller]?.policy = policy
        }
    }

    private mutating func place(_ order: String) {
        let lines = (0..<number(1...3)).map { _ in
            OrderPlaced.Line.of(
                pick(["A", "A", "A", "A", "B", "B", "B", "B", "V", "M", "Z"]), number(1...4),
                at: pick([100, 100, 100, 33, 0]))
        }
        let terms: [PaymentTerm] = [.online, .online, .online, .prepaid, .cashOnDelivery, .onAccount]
        let term = pick(terms)
        let (claimed, shipping, discount) = (
            chance(10), pick([0, 10] as [Int64]), pick([0, 0, 0, 7, 7, 7, 500] as [Int64])
        )
        messages.append(
            bench.placing(order, lines, term: term) {
                if claimed { $0.claimedPayable = 1 }
                $0.claimed.shipping = shipping
                $0.claimed.discount = discount
            })
    }

    private mutating func tellOfPayment(_ order: String) {
        let kinds: [PaymentFactKind] = [.captured, .captured, .captured, .captured, .authorized, .authorized]
        let kind = chance(60) ? pick(kinds) : pick(PaymentFactKind.allCases)
        let requests = [nil, nil, "\(order)-R1", "\(order)-R2", "\(order)-C1", "\(order)-V1"]
        messages.append(
            bench.paying(
                kind, order, pick([100, 200, 300, 400, 50, 1, 33, 133, 10_000]), "\(order) T\(number(1...3))",
                reference: "\(number(1...3))", isCumulative: kind == .refunded && chance(50),
                currency: chance(4) ? .usd : .cny, at: bench.now.adding(seconds: number(-50...50)),
                answering: pick(requests)))
    }

    private mutating func tellOfFulfilment(_ order: String) {
        let often: [FulfilmentReport.Kind] = [.shipped, .shipped, .shipped, .delivered, .cancelled, .rejected, .short]
        let kind = chance(70) ? pick(often) : pick(FulfilmentReport.Kind.allCases)
        let isParcel = [.shipped, .delivered, .lost, .returnedToSender].contains(kind)
        var lines: [Int64: Int64] = [:]
        if chance(60) { for line in 1...number(1...3) { lines[line] = number(0...3) } }
        messages.append(
            bench.reporting(
                kind, order, from: pick(["N", "N", "S", "S", nil]),
                parcel: isParcel ? "\(order) P\(number(1...4))" : nil,
                lines, fulfilment: chance(20) ? "\(order)-F\(number(1...3))" : nil, isCumulative: chance(20),
                document: "D\(number(1...4))", at: bench.now.adding(seconds: number(-50...50))))
    }

    private mutating func wish(_ order: String) {
        messages.append(bench.asking(pick([.cancel, .cancel, .received, .reviewed]), order, id: "\(number(1...3))"))
    }

    private mutating func command(_ order: String) {
        let actions: [StaffCommand.Action] = [
            .retry, .retry, .release(nil), .release(nil), .override(nil), .cancel, .refund(amount: nil),
            .refund(amount: 20), .hold(detail: "look"), .note("note"), .editReceiver(.someone),
            .override(.unknownSKU), .release(.stockLost),
        ]
        messages.append(bench.commanding(pick(actions), order))
    }

    private mutating func tellOfStock() {
        let (sku, warehouse) = pick([("A", "N"), ("B", "S"), ("A", "S"), ("B", "N"), ("Z", "N")])
        messages.append(
            bench.stocking(
                pick(StockReport.Kind.allCases), sku, warehouse, number(0...10),
                at: bench.now.adding(seconds: number(-50...50))))
    }

    private mutating func produce(_ order: String) {
        let done = ProductionDone(
            orderNumber: order, line: number(1...3), quantity: number(1...3), warehouse: pick(["N", "S"]),
            document: "E\(number(1...3))", occurredAt: bench.now)
        messages.append(
            bench.message(.productionDone(done), key: "production \(order) \(done.document)", content: done.hashValue))
    }

    private mutating func fire(_ order: String) {
        let kind = pick(Timer.Kind.allCases + [.takeAway, .takeAway, .revalidate])
        let reference =
            switch kind {
            case .cancelUnanswered, .handOverInDoubt: "\(order)-F\(number(1...3))"
            case .inDoubt: "\(order)-\(pick(["R", "C", "V"]))\(number(1...2))"
            case .takeAway: pick(["A@N", "B@S", "A@S"])
            case .parkedTooLong: messages.last?.identity.text ?? ""
            default: ""
            }
        let timer = Timer(kind: kind, orderNumber: order, reference: reference, dueAt: bench.now)
        messages.append(bench.message(.timer(timer), content: 0, source: "timer", sender: .system))
    }
}
