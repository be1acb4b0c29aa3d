import OrderCore

/// How often each thing of the domain has occurred.
package struct Coverage: Sendable {
    /// Messages, by type.
    package private(set) var messages: [String: Int] = [:]
    /// Events, by type.
    package private(set) var events: [String: Int] = [:]
    /// Statuses that orders came to.
    package private(set) var statuses: [String: Int] = [:]
    /// Moves from one status to another.
    package private(set) var moves: [String: Int] = [:]
    /// Holds that were opened, by reason.
    package private(set) var holds: [String: Int] = [:]
    /// Conflicts, by kind.
    package private(set) var conflicts: [String: Int] = [:]
    /// Changes of stock, by kind.
    package private(set) var movements: [String: Int] = [:]
    /// What rules decided, by words of the journal.
    package private(set) var decisions: Set<String> = []
    /// What became of messages.
    package private(set) var outcomes: [String: Int] = [:]

    mutating func count(_ bench: Bench) {
        for message in bench.books.said.values { messages[message.payload.name, default: 0] += 1 }
        for event in bench.events {
            events[event.payload.name, default: 0] += 1
            if case .holdOpened(_, let hold) = event.payload { holds[hold.reason.rawValue, default: 0] += 1 }
        }
        for entry in bench.journal where entry.from != entry.to {
            statuses[entry.to.rawValue, default: 0] += 1
            moves["\(entry.from?.rawValue ?? "nothing") → \(entry.to.rawValue)", default: 0] += 1
        }
        // Texts are slow to search: only for what has not been seen.
        for words in Self.allDecisions where !decisions.contains(words) {
            if bench.journal.contains(where: { $0.why.contains(words) }) { decisions.insert(words) }
        }
        for conflict in bench.conflicts { conflicts[conflict.kind.rawValue, default: 0] += 1 }
        for movement in bench.movements { movements[movement.kind.rawValue, default: 0] += 1 }
        for outcome in bench.outcomes.values { outcomes[outcome.kind, default: 0] += 1 }
    }

    /// Need not look for what is slow to find and has occurred.
    mutating func learn(_ other: Coverage) { decisions.formUnion(other.decisions) }

    mutating func add(_ other: Coverage) {
        messages.merge(other.messages, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
        statuses.merge(other.statuses, uniquingKeysWith: +)
        moves.merge(other.moves, uniquingKeysWith: +)
        holds.merge(other.holds, uniquingKeysWith: +)
        conflicts.merge(other.conflicts, uniquingKeysWith: +)
        movements.merge(other.movements, uniquingKeysWith: +)
        decisions.formUnion(other.decisions)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
    }
}

extension Coverage {
    /// What there is in the domain and has not occurred.
    package var gaps: [String] {
        func missing(_ what: String, _ counts: [String: Int], _ names: [String]) -> [String] {
            names.filter { counts[$0, default: 0] == 0 }.map { "\(what) \($0)" }
        }
        // Nothing that is decided leads there; and these histories are played without rules.
        let reasons = HoldReason.allCases.filter {
            $0 != .impossibleTransition && $0 != .noCarrier && ($0 == .manual || $0 == .highValue || !$0.isGivenByRules)
        }
        return missing("message", messages, Self.allMessages) + missing("event", events, Self.allEvents)
            + missing("status", statuses, OrderStatus.allCases.map(\.rawValue))
            + missing("move", moves, Self.allMoves) + missing("hold", holds, reasons.map(\.rawValue))
            + missing("conflict", conflicts, Conflict.Kind.allCases.map(\.rawValue))
            + missing("stock movement", movements, Self.allMovements)
            + Self.allDecisions.filter { !decisions.contains($0) }.map { "decision \($0)" }
            + missing("outcome", outcomes, ["done", "parked", "refused", "conflict"])
    }

    private static var allMessages: [String] {
        ["order.placed", "tracking.checkpoint", "production.done", "order.command", "delivery.resend"]
            + PaymentFactKind.allCases.map { "payment." + $0.rawValue }
            + FulfilmentReport.Kind.allCases.map { "fulfilment." + $0.rawValue }
            + StockReport.Kind.allCases.map { "stock." + $0.rawValue }
            + OrderRequest.Kind.allCases.map { "order." + $0.rawValue }
            + DeadLetterCommand.Kind.allCases.map { "message." + $0.rawValue }
            + ReferenceKind.allCases.map { $0.rawValue + ".updated" }
            + Timer.Kind.allCases.map { "timer." + $0.rawValue }
    }

    /// All but `message.dead` and `delivery.unroutable`, which the worker tells of itself.
    /// What is told of dead messages and receivers that are away is not of histories.
    private static var allEvents: [String] {
        EventPayload.names.filter { $0 != "message.dead" && $0 != "delivery.unroutable" }
    }

    private static var allMoves: [String] {
        let statuses = OrderStatus.allCases
        let moves = statuses.flatMap { from in statuses.map { (from, $0) } }
            .filter { $0 != $1 && OrderStatus.allowed(from: $0, to: $1) }
        return moves.map { "\($0.rawValue) → \($1.rawValue)" }
    }

    private static let allDecisions = [
        "whole order in one warehouse (rule places, v12)", "no fewer warehouses have all of it (rule places, v12)",
        "part of the order (rule places, v12)", "(rule parcels, v12)", "not sourced again: no other warehouse",
        "sourced again by itself", "it has waited for stock", "waits for stock with rank", "passed over",
        "goes out when the presale is over",
        "waits for other orders of the buyer (rule together, v12)",
        "travels in web/1-M1 with web/2", "to go with", "goes with the other orders no more", "is to leave web/",
        "and goes on as web/",
    ]

    private static var allMovements: [String] {
        let kinds: [StockMovement.Kind] = [
            .reserve, .release, .move, .deduct, .receive, .adjust, .count, .restock, .takeAway,
        ]
        return kinds.map(\.rawValue)
    }
}

extension Outcome {
    fileprivate var kind: String {
        switch self {
        case .done: "done"
        case .parked: "parked"
        case .refused: "refused"
        case .conflict: "conflict"
        case .dead: "dead"
        }
    }
}
