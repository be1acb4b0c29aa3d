/// Exchanges, queues and bindings that belong together.
public struct Topology: Sendable, Equatable {
    /// Exchanges, declared first.
    public var exchanges: [ExchangeDeclaration]
    /// Queues, declared in this order: a dead-letter queue before the one that names it.
    public var queues: [QueueDeclaration]
    /// Bindings, made last.
    public var bindings: [Binding]

    /// A topology of the parts given.
    public init(
        exchanges: [ExchangeDeclaration] = [], queues: [QueueDeclaration] = [], bindings: [Binding] = []
    ) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }

    /// Declares everything; what exists alike stays as it is. Throws at the first that exists with other arguments.
    public func declare(on connection: AMQPConnection) throws(AMQPError) {
        for exchange in exchanges { try connection.declare(exchange) }
        for queue in queues { try connection.declare(queue) }
        for binding in bindings { try connection.bind(binding) }
    }

    /// Looks whether exchanges and queues exist, changing nothing; the problems found, none when all is well.
    ///
    /// Existing queues are compared with their declaration too (an equal declaration of what exists has no effect).
    /// Bindings cannot be read over AMQP. Throws only when the connection fails.
    public func check(on connection: AMQPConnection) throws(AMQPError) -> [AMQPError] {
        var problems: [AMQPError] = []
        for exchange in exchanges {
            try collect(into: &problems) { () throws(AMQPError) in
                try connection.checkExchange(exchange.name)
                try connection.declare(exchange)
            }
        }
        for queue in queues {
            try collect(into: &problems) { () throws(AMQPError) in
                _ = try connection.checkQueue(queue.name)
                try connection.declare(queue)
            }
        }
        return problems
    }

    private func collect(
        into problems: inout [AMQPError], _ body: () throws(AMQPError) -> Void
    ) throws(AMQPError) {
        do {
            try body()
        } catch {
            switch error.code {
            case .notFound, .preconditionFailed, .resourceLocked, .accessRefused: problems.append(error)
            default: throw error
            }
        }
    }
}
