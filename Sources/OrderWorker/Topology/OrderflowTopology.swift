public import AMQP

/// The exchanges, queues and bindings of the wire contract.
public enum OrderflowTopology {
    /// Where senders publish to.
    public static let inbound = "orderflow.in"
    /// Where we publish to.
    public static let events = "orderflow.events"
    /// Where the broker puts what it gives up.
    public static let dead = "orderflow.dead"
    /// What no queue takes.
    public static let unrouted = "orderflow.unrouted"
    /// Keeps whole what is too large for us; nobody consumes it.
    public static let oversize = "orderflow.oversize"

    /// The broker's limit on deliveries: far above ours, since it punishes what was prefetched with the culprit.
    public static let deliveryLimit: Int64 = 1_000

    /// The queues that workers consume, with the key that senders publish under.
    public static let inboundQueues: [(queue: String, key: String)] = [
        ("orders.internal", "order.internal"),
        ("orders.external", "order.external"),
        ("payments.callbacks", "payment.callback"),
        ("warehouse.callbacks", "warehouse.callback"),
        ("orders.commands", "order.command"),
        ("staff.commands", "staff.command"),
        ("reference.updates", "reference.update"),
    ]

    /// The receivers of events, with the queue that keeps theirs.
    public static let receiverQueues: [(receiver: String, queue: String)] = [
        ("wms", "wms.fulfilments"),
        ("erp", "erp.orders"),
        ("finance", "finance.postings"),
        ("payments", "payments.requests"),
        ("partner", "partners.notifications"),
        ("storefront", "storefront.updates"),
        ("ops", "ops.alerts"),
    ]

    /// The queues of receivers that rules name beside those of the contract: `crm` hears from `crm.events`.
    public static func topology(ofReceivers names: Set<String>) -> Topology {
        let known = Set(receiverQueues.map(\.receiver))
        var topology = Topology()
        for name in names.subtracting(known).sorted() {
            topology.queues.append(.quorum(name + ".events"))
            topology.bindings.append(Binding(exchange: events, queue: name + ".events", routingKey: name + ".#"))
        }
        return topology
    }

    /// The dead-letter queue behind an inbound queue.
    public static func deadQueue(of queue: String) -> String { queue + ".dead" }

    /// Everything, in an order in which it can be declared: a dead-letter target before the queue that names it.
    public static let topology: Topology = {
        let unroutedTo: [String: AMQPValue] = ["alternate-exchange": .string(unrouted)]
        var topology = Topology(
            exchanges: [
                ExchangeDeclaration(unrouted, kind: .fanout),
                ExchangeDeclaration(dead),
                ExchangeDeclaration(inbound, arguments: unroutedTo),
                ExchangeDeclaration(events),
            ],
            queues: [.quorum(unrouted), .quorum(oversize)],
            bindings: [
                Binding(exchange: unrouted, queue: unrouted, routingKey: ""),
                Binding(exchange: dead, queue: oversize, routingKey: oversize),
            ])
        for (queue, key) in inboundQueues {
            topology.queues.append(.quorum(deadQueue(of: queue), arguments: deadLetterArguments(oversize)))
            topology.queues.append(.quorum(queue, arguments: deadLetterArguments(queue)))
            topology.bindings.append(Binding(exchange: dead, queue: deadQueue(of: queue), routingKey: queue))
            topology.bindings.append(Binding(exchange: inbound, queue: queue, routingKey: key))
        }
        for (receiver, queue) in receiverQueues {
            topology.queues.append(.quorum(queue))
            topology.bindings.append(Binding(exchange: events, queue: queue, routingKey: receiver + ".#"))
        }
        return topology
    }()

    private static func deadLetterArguments(_ key: String) -> [String: AMQPValue] {
        [
            "x-delivery-limit": .int(deliveryLimit),
            "x-dead-letter-exchange": .string(dead),
            "x-dead-letter-routing-key": .string(key),
            "x-dead-letter-strategy": .string("at-least-once"),
            "x-overflow": .string("reject-publish"),
        ]
    }
}
