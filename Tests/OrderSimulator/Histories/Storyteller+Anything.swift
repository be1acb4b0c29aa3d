import OrderCore

/// What anyone might say about an order, whatever has become of it.
extension Storyteller {
    mutating func anything(_ order: String) -> Message {
        switch number(0...99) {
        case 0..<24: aPayment(order)
        case 24..<56: aFulfilment(order)
        case 56..<64: aWish(order)
        case 64..<72: aCommand(order)
        case 72..<82: aStockReport()
        case 82..<84:
            live.producing(
                number(1...3), of: number(1...3), order, in: pick(["N", "S"]), document: "E\(number(1...3))")
        case 84..<88: live.tracking("\(order) P\(number(1...4))", pick(["in", "out"]), order)
        case 88..<90: aStranger(order)
        default: aTimer(order)
        }
    }

    private mutating func aPayment(_ order: String) -> Message {
        let kinds: [PaymentFactKind] = [.captured, .captured, .captured, .captured, .authorized, .authorized]
        let kind = chance(60) ? pick(kinds) : pick(PaymentFactKind.allCases)
        let requests = [nil, nil, "\(order)-R1", "\(order)-R2", "\(order)-C1", "\(order)-V1"]
        return live.paying(
            kind, order, pick([100, 200, 300, 400, 50, 1, 33, 133, 10_000]), "\(order) T\(number(1...3))",
            reference: "\(number(1...3))", isCumulative: kind == .refunded && chance(50),
            currency: chance(4) ? .usd : .cny, at: live.now.adding(seconds: number(-50...0)),
            answering: pick(requests))
    }

    private mutating func aFulfilment(_ order: String) -> Message {
        let often: [FulfilmentReport.Kind] = [.shipped, .shipped, .shipped, .delivered, .cancelled, .rejected, .short]
        let kind = chance(70) ? pick(often) : pick(FulfilmentReport.Kind.allCases)
        let isParcel = [.shipped, .delivered, .lost, .returnedToSender].contains(kind)
        var lines: [Int64: Int64] = [:]
        if chance(60) { for line in 1...number(1...3) { lines[line] = number(0...3) } }
        return live.reporting(
            kind, order, from: pick(["N", "N", "S", "S", nil]), parcel: isParcel ? "\(order) P\(number(1...4))" : nil,
            lines, fulfilment: chance(20) ? "\(order)-F\(number(1...3))" : nil, isCumulative: chance(20),
            document: "D\(number(1...4))", at: live.now.adding(seconds: number(-50...50)))
    }

    private mutating func aWish(_ order: String) -> Message {
        live.asking(pick([.cancel, .cancel, .received, .reviewed]), order, id: "\(number(1...3))")
    }

    private mutating func aCommand(_ order: String) -> Message {
        let actions: [StaffCommand.Action] = [
            .retry, .retry, .release(nil), .release(nil), .override(nil), .cancel, .refund(amount: nil),
            .refund(amount: 20), .hold(detail: "look"), .note("note"), .editReceiver(.someone),
            .override(.unknownSKU), .release(.stockLost), .liftQuarantine, .editReceiver(Receiver()),
            .editReceiver(.someoneElse),
            .source(warehouse: pick(["N", "S", "E", "X"])), .changeCarrier("zto", fulfilment: nil),
            .cancelLines([LineQuantity(line: number(1...3), quantity: number(1...2))]),
            .split([LineQuantity(line: number(1...2), quantity: number(1...2))], fulfilment: nil),
            .editLines([LineEdit(line: number(1...2), quantity: number(0...3))]),
            .editLines([LineEdit(line: 4, quantity: number(1...2), sku: pick(["A", "B", "Z"]), unitPrice: 100)]),
        ]
        return live.commanding(
            pick(actions), order, by: chance(90) ? [.administrator] : [.viewer], reason: chance(95) ? "because" : "",
            version: chance(90) ? nil : number(1...6))
    }

    private mutating func aStockReport() -> Message {
        let (sku, warehouse) = pick([("A", "N"), ("B", "S"), ("A", "S"), ("B", "N"), ("Z", "N"), ("C", "N")])
        return live.stocking(
            pick(StockReport.Kind.allCases), sku, warehouse, number(0...10),
            at: live.now.adding(seconds: number(-50...50)), safety: chance(20) ? number(0...3) : nil,
            lowThreshold: chance(20) ? number(1...8) : nil)
    }

    /// Who may not, says it all the same; and what other parts of the worker see to.
    private mutating func aStranger(_ order: String) -> Message {
        let letters = DeadLetterCommand(
            kind: pick([.replay, .drop]), ids: [1], fingerprint: nil, by: "li", reason: "so")
        let resend = DeliveryResend(receiver: "wms", subject: order, fromNumber: 1)
        let senders: [Sender] = [.stranger, .owner(of: ["yy"]), .owner(of: ["yy"], receiving: ["wms"])]
        switch number(0...3) {
        case 0: return live.asking(.cancel, order, id: document, sender: pick(senders))
        case 1: return live.message(.deadLetters(letters), content: 0, sender: pick(senders + [.staff(roles: [])]))
        case 2: return live.message(.resend(resend), content: 0, sender: pick(senders))
        default:
            var command = live.commanding(.cancel, order)
            command.sender = pick(senders)
            return command
        }
    }

    private mutating func aTimer(_ order: String) -> Message {
        let kind = pick(Timer.Kind.allCases + [.takeAway, .takeAway, .revalidate])
        let reference =
            switch kind {
            case .cancelUnanswered, .amendUnanswered, .handOverInDoubt: "\(order)-F\(number(1...3))"
            case .inDoubt: "\(order)-\(pick(["R", "C", "V"]))\(number(1...2))"
            case .giveOut: pick(["A", "B"])
            case .takeAway, .stockChanged: pick(["A@N", "B@S", "A@S"])
            case .merge: live.set.orders[order]?.order.merging.key ?? ""
            case .amendParcel: "\(order)-M\(number(1...2))"
            case .parkedTooLong: messages.last?.identity.text ?? ""
            default: ""
            }
        return live.firing(Timer(kind: kind, orderNumber: order, reference: reference, dueAt: live.now))
    }
}
