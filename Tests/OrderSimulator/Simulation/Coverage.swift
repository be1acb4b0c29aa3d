import OrderCore

/// What of the domain has occurred in histories, and above all what has not.
package struct Coverage: Sendable {
    /// What can occur.
    private enum Kind: String, CaseIterable {
        case message, event, status
        /// From one status to another.
        case move
        case hold, conflict
        case movement = "stock movement"
        /// What rules decided, by words of the journal.
        case decision
        case outcome
    }

    /// What has not occurred yet: nobody looks for what has, which is most of it after a few histories.
    private var missing: [Kind: Set<String>] = [
        .message: Set(allMessages), .event: Set(allEvents), .status: Set(OrderStatus.allCases.map(\.rawValue)),
        .move: Set(allMoves), .hold: Set(allHolds), .conflict: Set(Conflict.Kind.allCases.map(\.rawValue)),
        .movement: Set(allMovements), .decision: Set(allDecisions),
        .outcome: ["done", "parked", "refused", "conflict"],
    ]

    mutating func count(_ bench: Bench) {
        see(.message) { _ in bench.books.said.values.map(\.payload.name) }
        see(.event) { _ in bench.events.map(\.payload.name) }
        see(.hold) { _ in
            bench.events.compactMap {
                if case .holdOpened(_, let hold) = $0.payload { hold.reason.rawValue } else { nil }
            }
        }
        let moves = bench.journal.filter { $0.from != $0.to }
        see(.status) { _ in moves.map(\.to.rawValue) }
        see(.move) { _ in moves.map { Self.move($0.from, $0.to) } }
        see(.decision) { words in words.filter { words in bench.journal.contains { $0.why.contains(words) } } }
        see(.conflict) { _ in bench.conflicts.map(\.kind.rawValue) }
        see(.movement) { _ in bench.movements.map(\.kind.rawValue) }
        see(.outcome) { _ in bench.outcomes.values.map(\.kind) }
    }

    /// - Parameter occurred: what of a kind has occurred, given what is missing of it.
    private mutating func see<Names: Sequence<String>>(_ kind: Kind, _ occurred: (Set<String>) -> Names) {
        guard let left = missing[kind], !left.isEmpty else { return }
        missing[kind] = left.subtracting(occurred(left))
    }

    mutating func add(_ other: Coverage) { missing.merge(other.missing) { $0.intersection($1) } }

    /// What there is in the domain and has not occurred.
    package var gaps: [String] {
        Kind.allCases.flatMap { kind in missing[kind, default: []].sorted().map { "\(kind.rawValue) \($0)" } }
    }
}

extension Coverage {
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
        return moves.map { move($0, $1) }
    }

    private static func move(_ from: OrderStatus?, _ to: OrderStatus) -> String {
        "\(from?.rawValue ?? "nothing") → \(to.rawValue)"
    }

    /// Nothing that is decided leads to the others; and these histories are played without most rules.
    private static var allHolds: [String] {
        HoldReason.allCases.filter {
            $0 != .impossibleTransition && $0 != .noCarrier && ($0 == .manual || $0 == .highValue || !$0.isGivenByRules)
        }.map(\.rawValue)
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
