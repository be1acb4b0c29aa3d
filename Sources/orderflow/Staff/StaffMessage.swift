internal import OrderCore
internal import OrderStore

/// What staff want, as a message on the staff queue: the command line changes nothing by itself.
struct StaffMessage {
    let type: String
    /// Members of `data` that are JSON already.
    let data: [(name: String, json: String)]

    /// Publishes it, waits for the outcome in the inbox, and tells it.
    func deliver(_ configuration: Configuration, timeoutSeconds: Int) throws {
        // The database first: without it there is no answer.
        let desk = try StaffDesk(configuration)
        defer { desk.close() }
        let identity = try desk.publish([self])[0]
        guard let seen = try desk.outcome(of: identity, until: .now + .seconds(timeoutSeconds)) else {
            throw Failure(
                .timedOut,
                "no outcome within \(timeoutSeconds) s; it stays queued, and may still be applied (message "
                    + "\(identity.id)). Does a worker run? `orderflow doctor` tells")
        }
        guard seen.outcome == .done || seen.outcome == .parked else { throw Failure(.findings, seen.text) }
        Console.message(seen.text)
    }
}

extension SeenMessage {
    /// What has become of a command, for people.
    var text: String {
        let why = reason.map { ": \($0)" } ?? ""
        return switch outcome {
        case .done: "applied\(why)"
        case .refused: "refused\(why)"
        case .conflict: "refused as a conflict\(why)"
        case .dead: "the command can't be read\(why)"
        case .parked: "waiting\(why); it will be applied when that is there"
        }
    }
}
