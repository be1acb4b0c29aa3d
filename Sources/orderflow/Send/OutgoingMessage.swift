internal import AMQP
internal import OrderRules
internal import OrderWorker

/// A line of `send`: a CloudEvent in structured mode, published as it stands.
struct OutgoingMessage {
    let routingKey: String
    let properties: MessageProperties
    let body: [UInt8]

    /// What is wrong with a line.
    struct Problem: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    /// - Parameter orderKey: where `order.placed` goes that doesn't say so itself.
    /// - Returns: nil for a blank line.
    init?(line: [UInt8], orderKey: String?) throws(Problem) {
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { return nil }
        let envelope = try OutgoingEnvelope(line)
        let (type, source, id) = (try envelope.text(.type), try envelope.text(.source), try envelope.text(.id))
        guard envelope.hasData else { throw Problem("data: expected an object with what the message says") }
        let named = envelope.texts[.routingKey] ?? envelope.texts[.routingkey]
        if let named {
            let known = OrderflowTopology.inboundQueues.map(\.key)
            guard known.contains(named) else {
                let meant = Spelling.nearest(to: named, among: known).map { ": did you mean \($0)?" } ?? ""
                throw Problem("routingKey: no queue takes \"\(named)\"\(meant)")
            }
            routingKey = named
        } else {
            routingKey = try Self.routingKey(of: type, orderKey)
        }
        properties = MessageProperties(
            contentType: "application/cloudevents+json", messageID: id, appID: source, type: type)
        body = !envelope.names.contains(.specversion) ? Self.withVersion(line) : line
    }

    /// Where a type belongs, by the wire contract.
    private static func routingKey(of type: String, _ orderKey: String?) throws(Problem) -> String {
        let name = type.split(separator: ".").first.map(String.init) ?? ""
        switch name {
        case "order" where type.hasPrefix("order.placed."):
            guard let orderKey else {
                throw Problem(
                    "order.placed goes to orders.internal or orders.external: say which with --queue, or with a member "
                        + "\"routingKey\": \"order.internal\"")
            }
            return orderKey
        case "order" where type.hasPrefix("order.command."): return "staff.command"
        case "order", "aftersale": return "order.command"
        case "message": return "staff.command"
        case "payment": return "payment.callback"
        case "fulfilment", "tracking", "return", "stock", "production": return "warehouse.callback"
        case "delivery": return "order.command"
        case "product", "warehouse", "channel", "partner", "member", "coupon": return "reference.update"
        default: throw Problem("type: \(type) is not known here; name its \"routingKey\"")
        }
    }

    /// CloudEvents wants its version; the rest of the line stays byte by byte.
    private static func withVersion(_ line: [UInt8]) -> [UInt8] {
        guard let brace = line.firstIndex(of: UInt8(ascii: "{")) else { return line }
        return Array(line[...brace]) + Array(#""specversion":"1.0","#.utf8) + Array(line[(brace + 1)...])
    }
}
