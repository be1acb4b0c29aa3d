internal import AMQP
internal import OrderWorker

/// A difference between the broker and the wire contract, and how to mend it.
struct TopologyFinding {
    let place: String
    let text: String
    let mend: String
    /// It isn't there, and declaring makes it.
    let isMissing: Bool

    init(place: String, text: String, mend: String, isMissing: Bool = false) {
        self.place = place
        self.text = text
        self.mend = mend
        self.isMissing = isMissing
    }

    init(_ error: AMQPError) {
        let text =
            if let difference = error.difference {
                "\(difference.argument) is \(difference.existing), and should be \(difference.declared)"
            } else if error.code == .notFound {
                "it is not there"
            } else {
                error.message
            }
        self.init(
            place: error.context ?? "broker", text: text, mend: Self.mending(error),
            isMissing: error.code == .notFound)
    }

    /// What to do about a declaration that the broker refused.
    static func mending(_ error: AMQPError) -> String {
        switch error.code {
        case .preconditionFailed where error.difference != nil:
            "arguments can't be changed in place: stop the senders, let the workers empty the queue, delete it, run "
                + "`orderflow topology declare`; or shovel its messages aside meanwhile"
        case .preconditionFailed:
            "delete what exists under this name once it is empty, then `orderflow topology declare`"
        case .notFound: "`orderflow topology declare`"
        case .accessRefused: "give the broker user the right to configure, or let an administrator declare"
        default: "see the broker's log"
        }
    }

    /// Bindings that are missing, and queues of ours that others have bound.
    static func bindings(
        _ management: BrokerManagement, _ topology: Topology
    ) throws(Failure) -> [TopologyFinding] {
        let found = try management.bindings().filter { !$0.source.isEmpty && $0.destinationType == "queue" }
        let wanted = topology.bindings.map { binding in
            BrokerManagement.Binding(
                source: binding.exchange, destination: binding.queue, destinationType: "queue",
                routingKey: binding.routingKey)
        }
        let missing = Set(wanted).subtracting(found).map { binding in
            TopologyFinding(
                place: "binding '\(binding.source)' to '\(binding.destination)'",
                text: "no binding with the key '\(binding.routingKey)'", mend: "`orderflow topology declare`",
                isMissing: true)
        }
        // Receivers may bind queues of their own to the events; into what we consume, only our keys lead.
        let inbound = Set(OrderflowTopology.inboundQueues.map(\.queue))
        let foreign = Set(found).subtracting(wanted).filter { inbound.contains($0.destination) }.map { binding in
            TopologyFinding(
                place: "binding '\(binding.source)' to '\(binding.destination)'",
                text: "a binding with the key '\(binding.routingKey)' that the contract does not know",
                mend: "remove it, unless you know that what comes through it belongs into this queue")
        }
        return (missing + foreign).sorted { $0.place < $1.place }
    }

    /// Policies that would change how our queues dead-letter, expire or overflow.
    static func policies(
        _ management: BrokerManagement, _ topology: Topology
    ) throws(Failure) -> [TopologyFinding] {
        let harmful = [
            "message-ttl", "expires", "max-length", "max-length-bytes", "delivery-limit", "dead-letter-exchange",
        ]
        return try management.policies().compactMap { policy in
            let meant = policy.definition.keys.filter { harmful.contains($0) }.sorted()
            guard !meant.isEmpty, let pattern = try? Regex(policy.pattern) else { return nil }
            let queues = topology.queues.map(\.name).filter { $0.firstMatch(of: pattern) != nil }
            guard let first = queues.first else { return nil }
            return TopologyFinding(
                place: "policy '\(policy.name)'",
                text:
                    "sets \(meant.joined(separator: ", ")) on '\(first)' and \(queues.count - 1) other queues of ours",
                mend: "narrow the policy's pattern so that it leaves these queues alone")
        }
    }
}
