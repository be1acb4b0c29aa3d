internal import AMQP

/// The topology as a definitions file of RabbitMQ.
struct TopologyDefinitions {
    let vhost: String
    let topology: Topology

    var json: String {
        let exchanges = topology.exchanges.map { exchange in
            object([
                ("name", text(exchange.name)), ("vhost", text(vhost)), ("type", text(exchange.kind.rawValue)),
                ("durable", "true"), ("auto_delete", "false"), ("internal", "false"),
                ("arguments", arguments(exchange.arguments)),
            ])
        }
        let queues = topology.queues.map { queue in
            object([
                ("name", text(queue.name)), ("vhost", text(vhost)), ("durable", "true"), ("auto_delete", "false"),
                ("arguments", arguments(queue.arguments)),
            ])
        }
        let bindings = topology.bindings.map { binding in
            object([
                ("source", text(binding.exchange)), ("vhost", text(vhost)), ("destination", text(binding.queue)),
                ("destination_type", text("queue")), ("routing_key", text(binding.routingKey)),
                ("arguments", arguments(binding.arguments)),
            ])
        }
        let parts = [("exchanges", exchanges), ("queues", queues), ("bindings", bindings)].map { name, items in
            "\(text(name)): [\n    \(items.joined(separator: ",\n    "))\n  ]"
        }
        return "{\n  " + parts.joined(separator: ",\n  ") + "\n}"
    }

    private func text(_ text: String) -> String { JSONText.string(text) }

    private func object(_ members: [(name: String, json: String)]) -> String { JSONText.object(members) }

    private func arguments(_ arguments: [String: AMQPValue]) -> String {
        object(arguments.sorted { $0.key < $1.key }.map { ($0.key, value($0.value)) })
    }

    private func value(_ value: AMQPValue) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .int(let number): String(number)
        case .string(let string): text(string)
        default: "null"
        }
    }
}
