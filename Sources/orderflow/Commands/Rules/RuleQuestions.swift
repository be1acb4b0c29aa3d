internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import OrderWorker

/// What the rules of each phase are asked about an order: the order, each of its parts, or each event that was told of it.
struct RuleQuestions {
    let subject: RuleSubject
    /// By fulfilment.
    let parts: [(fulfilment: String, part: RuleSubject.Part)]
    /// Events without their version, with what they are about.
    let told: [(event: String, subject: String)]
    /// The order is asked about as it was placed, whatever was paid since.
    let isAsPlaced: Bool

    func asked(in phase: RulePhase) -> [(about: String, subject: RuleSubject)] {
        var asked = isAsPlaced ? subject.asPaid(in: phase) : subject
        if phase.isOfParts, !parts.isEmpty {
            return parts.map { fulfilment, part in
                asked.part = part
                return (fulfilment, asked)
            }
        }
        guard phase == .output else { return [("", asked)] }
        var known: Set<String> = []
        return told.compactMap { event, about in
            let part = parts.first { $0.fulfilment == about }
            let name = part == nil ? event : "\(event) \(about)"
            guard known.insert(name).inserted else { return nil }
            asked.event = event
            asked.part = part?.part
            return (name, asked)
        }
    }
}

extension OrderState {
    /// What was planned of the order, with what was ordered.
    var allParts: [(fulfilment: String, part: RuleSubject.Part)] {
        fulfilments.all.map { fulfilment in
            let lines = fulfilmentLines.all.filter { $0.key.fulfilment == fulfilment.id }
            let quantities = Dictionary(lines.map { ($0.key.line, $0.quantity) }, uniquingKeysWith: +)
            return (fulfilment.id, RuleSubject.Part(warehouse: fulfilment.warehouse, quantities: quantities))
        }
    }
}

extension EventLine {
    /// Its type without the version, as rules name it.
    var name: String { String(type[..<(type.lastIndex(of: ".") ?? type.endIndex)]) }
}

/// Messages as the log keeps them.
enum KeptMessage {
    /// The order that a message places; nil for any other.
    static func placedOrder(_ kept: OrderStore.RawMessage) -> OrderPlaced? {
        let decoded = MessageDecoder().decode(
            OrderMessages.RawMessage(kept), receivedAt: Timestamp(microseconds: 0), sender: .system)
        guard case .success(let messages) = decoded.result, case .orderPlaced(let placed)? = messages.first?.payload
        else {
            return nil
        }
        return placed
    }
}
