internal import AMQP
internal import FoundationEssentials
internal import OrderCore
internal import OrderStore
internal import OrderWorker

/// What staff want, as a message on the staff queue: the command line changes nothing by itself.
struct StaffMessage {
    let type: String
    /// Members of `data` that are JSON already.
    let data: [(name: String, json: String)]

    /// Publishes it, waits for the outcome in the inbox, and tells it.
    func deliver(_ configuration: Configuration, timeoutSeconds: Int) throws {
        // The database first: without it there is no answer.
        let queries = Queries(connection: try configuration.connectDatabase())
        let identity = MessageIdentity(
            source: "orderflow/\(configuration[SettingKeys.instance])/cli", id: UUID().uuidString.lowercased())
        try publish(identity, configuration)
        try awaitOutcome(identity, queries, timeoutSeconds)
    }

    private func publish(_ identity: MessageIdentity, _ configuration: Configuration) throws {
        let connection = try configuration.connectBroker(.publishing)
        defer { connection.close() }
        let publisher = ConfirmedPublisher(connection)
        var outcome: PublishOutcome?
        publisher.onSettled { outcome = $1 }
        let properties = MessageProperties(
            contentType: "application/cloudevents+json", messageID: identity.id, appID: identity.source, type: type,
            userID: connection.url.user)
        _ = try publisher.publish(
            exchange: OrderflowTopology.inbound, routingKey: "staff.command", properties: properties,
            body: Array(body(identity).utf8))
        try publisher.finish()
        guard outcome == .confirmed else {
            throw Failure(.unavailable, "the broker did not take the command: `orderflow doctor` tells why")
        }
    }

    private func body(_ identity: MessageIdentity) -> String {
        JSONText.object([
            ("specversion", JSONText.string("1.0")), ("type", JSONText.string(type)),
            ("source", JSONText.string(identity.source)), ("id", JSONText.string(identity.id)),
            ("data", JSONText.object(data)),
        ])
    }

    /// Looks into the inbox until the outcome is there.
    private func awaitOutcome(_ identity: MessageIdentity, _ queries: Queries, _ timeoutSeconds: Int) throws {
        let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
        while ContinuousClock.now < deadline {
            if let seen = try queries.outcome(of: identity) { return try tell(seen) }
            Pause.milliseconds(25)
        }
        throw Failure(
            .timedOut,
            "no outcome within \(timeoutSeconds) s; it stays queued, and may still be applied (message \(identity.id)). "
                + "Does a worker run? `orderflow doctor` tells")
    }

    private func tell(_ seen: SeenMessage) throws {
        let why = seen.reason.map { ": \($0)" } ?? ""
        switch seen.outcome {
        case .done: Console.message("applied\(why)")
        case .refused: throw Failure(.findings, "refused\(why)")
        case .conflict: throw Failure(.findings, "refused as a conflict\(why)")
        case .dead: throw Failure(.findings, "the command can't be read\(why)")
        case .parked: Console.message("waiting\(why); it will be applied when that is there")
        }
    }
}
