internal import OrderCore

/// The types that are read, each with the queues that it may come through.
enum InboundType {
    case orderPlaced
    case payment(PaymentFactKind)
    case fulfilment(FulfilmentReport.Kind)
    case tracking
    case stock(StockReport.Kind)
    case productionDone
    case request(OrderRequest.Kind)
    case command
    case deadLetters(DeadLetterCommand.Kind)
    case resend
    case reference(ReferenceKind)

    /// The queues of the wire contract that it may come through.
    var queues: [String] {
        switch self {
        case .orderPlaced: ["orders.internal", "orders.external"]
        case .payment: ["payments.callbacks"]
        case .fulfilment, .tracking, .stock, .productionDone: ["warehouse.callbacks"]
        case .request: ["orders.commands"]
        case .command, .deadLetters: ["staff.commands"]
        case .resend: ["orders.commands", "staff.commands"]
        case .reference: ["reference.updates"]
        }
    }

    /// All types, by name without version.
    static let byName: [String: InboundType] = {
        var types: [String: InboundType] = [
            "order.placed": .orderPlaced, "tracking.checkpoint": .tracking, "production.done": .productionDone,
            "order.command": .command, "delivery.resend": .resend,
        ]
        for kind in PaymentFactKind.allCases { types["payment.\(kind.rawValue)"] = .payment(kind) }
        for kind in FulfilmentReport.Kind.allCases { types["fulfilment.\(kind.rawValue)"] = .fulfilment(kind) }
        for kind in StockReport.Kind.allCases { types["stock.\(kind.rawValue)"] = .stock(kind) }
        for kind in OrderRequest.Kind.allCases { types["order.\(kind.rawValue)"] = .request(kind) }
        for kind in DeadLetterCommand.Kind.allCases { types["message.\(kind.rawValue)"] = .deadLetters(kind) }
        for kind in ReferenceKind.allCases { types["\(kind.rawValue).updated"] = .reference(kind) }
        return types
    }()

    /// By type with version and queue: one look-up for the message that is as it should be.
    private static let byTypeAndQueue: [String: [String: InboundType]] = {
        byName.reduce(into: [:]) { table, entry in
            for queue in entry.value.queues { table[queue, default: [:]][entry.key + ".v1"] = entry.value }
        }
    }()

    /// The type that a message names, if it may come through this queue.
    static func find(_ type: String, queue: String) throws(DecodeFault) -> InboundType {
        if let found = byTypeAndQueue[queue]?[type] { return found }
        guard type.hasSuffix(".v1"), let known = byName[String(type.dropLast(3))] else { throw unknown(type) }
        let places = known.queues.joined(separator: " or ")
        throw DecodeFault(.wrongQueue, "\(type) belongs into \(places), not into \(queue)")
    }

    private static func unknown(_ type: String) -> DecodeFault {
        let parts = type.split(separator: ".", omittingEmptySubsequences: false)
        let hasVersion = parts.last.map { $0.first == "v" && $0.count > 1 && $0.dropFirst().allSatisfy(\.isNumber) }
        let name = (hasVersion == true ? parts.dropLast() : parts[...]).joined(separator: ".")
        if byName[name] != nil {
            return DecodeFault(.unknownVersion, "\(type): only \(name).v1 is known")
        }
        return DecodeFault(.unknownType, "the type \(type) is not known here")
    }
}

/// Why reading stopped.
struct DecodeFault: Error {
    var code: DecodeFailure.Code
    var path: String?
    var text: String

    init(_ code: DecodeFailure.Code, path: String? = nil, _ text: String) {
        self.code = code
        self.path = path
        self.text = text
    }

    init(_ problem: FieldProblem) {
        self.init(.malformed, path: problem.path.isEmpty ? nil : problem.path, problem.text)
    }
}
