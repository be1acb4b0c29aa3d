internal import OrderCore

/// Reads the data of a message whose type is known. Each type has a file of its own.
struct PayloadReader {
    /// Most parts that a message is split into.
    static let mostParts = 2_000
    static let quantities: ClosedRange<Int64> = 1...Limits.quantity
    static let amounts: ClosedRange<Int64> = 0...Limits.amountMinor
    /// A thousand tonnes, a thousand cubic metres.
    static let measures: ClosedRange<Int64> = 0...1_000_000_000
    static let lineNumbers: ClosedRange<Int64> = 1...999_999_999

    let json: JSONDocument
    /// With its version.
    let type: String
    let queue: String
    /// The time in the envelope.
    let sentAt: Timestamp?
    /// When we received it.
    let receivedAt: Timestamp

    var root: JSONDocument.Node { json.root }

    func parts(_ inbound: InboundType) throws(FieldProblem) -> [DecodedPart] {
        switch inbound {
        case .orderPlaced: break
        default: try refuseUnreadable()
        }
        switch inbound {
        case .orderPlaced: return [try orderPlaced()]
        case .payment(let kind): return try payment(kind)
        case .fulfilment(let kind): return [try fulfilment(kind)]
        case .tracking: return [try tracking()]
        case .stock(let kind): return try stock(kind)
        case .productionDone: return [try productionDone()]
        case .request(let kind): return [try request(kind)]
        case .command: return [try command()]
        case .deadLetters(let kind): return [try deadLetters(kind)]
        case .resend: return [try resend()]
        case .reference(let kind): return [try reference(kind)]
        }
    }

    /// Texts without meaning are refused wherever they stand: what reads the stored body later must not fail on them.
    private func refuseUnreadable() throws(FieldProblem) {
        if let node = json.unreadable, node > root, node < Int(json.tokens[root].next) {
            throw json.mismatch(at: node, expected: "a text")
        }
    }

    /// The order's number, where it is named.
    func orderNumber(_ name: StaticString = "orderNumber", in object: JSONDocument.Node) throws(FieldProblem) -> String?
    {
        guard let number = try json.text(name, in: object, .identifier) else { return nil }
        guard OrderNumber.isValid(number) else {
            throw json.problem(name, in: object, "expected <channel or partner code>/<number>")
        }
        return number
    }

    /// The order's number.
    func requiredOrderNumber(in object: JSONDocument.Node) throws(FieldProblem) -> String {
        guard let number = try orderNumber(in: object) else {
            throw json.missing("orderNumber", in: object, "<channel or partner code>/<number>")
        }
        return number
    }

    /// The order's number: as named, or as the id of ours that the data name was made from.
    func orderNumber(orOf identifiers: String?...) throws(FieldProblem) -> String? {
        if let number = try orderNumber(in: root) { return number }
        return identifiers.lazy.compactMap { $0 }.compactMap(Fulfilment.orderNumber(ofIdentifier:))
            .first(where: OrderNumber.isValid)
    }

    /// When it happened: as told, or when the envelope was made. Told times alone are part of the content.
    func occurredAt(_ name: StaticString = "occurredAt") throws(FieldProblem) -> (time: Timestamp, told: Timestamp?) {
        let told = try json.time(name, in: root)
        guard let time = told ?? sentAt else {
            throw json.missing(name, in: root, "a time as of RFC 3339 with an offset")
        }
        return (time, told)
    }

    /// Lines with quantities; a line that is named twice (two batches of goods) counts with its sum.
    func lineQuantities(_ range: ClosedRange<Int64>) throws(FieldProblem) -> [LineQuantity] {
        var lines: [LineQuantity] = []
        for node in try json.objects("lines", in: root, atMost: Limits.lines) ?? [] {
            let number = try json.requiredInteger("line", in: node, Self.lineNumbers)
            let quantity = try json.requiredInteger("quantity", in: node, range)
            if let known = lines.firstIndex(where: { $0.line == number }) {
                lines[known].quantity += quantity
            } else {
                lines.append(LineQuantity(line: number, quantity: quantity))
            }
        }
        return lines
    }
}
