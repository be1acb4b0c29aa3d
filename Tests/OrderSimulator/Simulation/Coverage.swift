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
        for conflict in bench.conflicts { conflicts[conflict.kind.rawValue, default: 0] += 1 }
        for movement in bench.movements { movements[movement.kind.rawValue, default: 0] += 1 }
        for outcome in bench.outcomes.values { outcomes[outcome.kind, default: 0] += 1 }
    }

    mutating func add(_ other: Coverage) {
        messages.merge(other.messages, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
        statuses.merge(other.statuses, uniquingKeysWith: +)
        moves.merge(other.moves, uniquingKeysWith: +)
        holds.merge(other.holds, uniquingKeysWith: +)
        conflicts.merge(other.conflicts, uniquingKeysWith: +)
        movements.merge(other.movements, uniquingKeysWith: +)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
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
