/// What went wrong at the broker, or on the way to it.
public struct AMQPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault, to switch on.
    public enum Code: Sendable, Equatable {
        /// The URI cannot be read.
        case invalidURL
        /// A name, property or argument cannot be sent by AMQP 0-9-1.
        case invalidArgument
        /// No connection to the host could be made.
        case connectFailed
        /// TLS could not be agreed, or the certificate was refused.
        case tlsFailed
        /// The broker refused user, password or vhost.
        case accessRefused
        /// The broker did not answer within the time given; the connection is gone.
        case timedOut
        /// The connection broke.
        case connectionLost
        /// Nothing came from the broker for two heartbeats.
        case heartbeatMissed
        /// The broker closed the connection and said why.
        case connectionClosed
        /// The broker closed the channel and said why.
        case channelClosed
        /// What exists at the broker differs from what was declared (406).
        case preconditionFailed
        /// No such queue or exchange (404).
        case notFound
        /// Another connection has the queue for itself (405).
        case resourceLocked
        /// More is unconfirmed than the publish window allows, or the broker has blocked publishers.
        case windowFull
        /// This connection was closed before.
        case alreadyClosed
        /// The broker or the library did something that the protocol does not allow.
        case protocolViolation
    }

    /// An argument in which a declared queue or exchange differs from the one that exists.
    public struct Difference: Sendable, Equatable {
        /// The argument's name, such as `x-queue-type` or `durable`.
        public let argument: String
        /// What was declared.
        public let declared: String
        /// What the broker has.
        public let existing: String
    }

    /// The kind of fault.
    public let code: Code
    /// What happened, to what, and what to do next.
    public let message: String
    /// The broker's reply code, when the broker spoke (such as 406 or 320).
    public let replyCode: Int?
    /// What was being done: the queue, exchange or host concerned.
    public let context: String?
    /// The argument that differs, for ``Code/preconditionFailed`` on a declaration.
    public let difference: Difference?

    /// One line for a log.
    public var description: String {
        context.map { "\(message) (\($0))" } ?? message
    }

    init(
        _ code: Code,
        _ message: String,
        replyCode: Int? = nil,
        context: String? = nil,
        difference: Difference? = nil
    ) {
        self.code = code
        self.message = message
        self.replyCode = replyCode
        self.context = context
        self.difference = difference
    }

    func with(context: String) -> AMQPError {
        AMQPError(code, message, replyCode: replyCode, context: self.context ?? context, difference: difference)
    }
}
