internal import AMQP
internal import OrderStore
internal import Postgres

extension ExitStatus {
    /// Whether trying again later may help.
    init(_ error: PostgresError) {
        switch error.code {
        // Short of disk, memory, locks or connections: workers pause for it, and it passes.
        case _ where error.sqlState?.errorClass == "53": self = .unavailable
        case .connectFailed, .connectionLost, .timedOut, .interrupted:
            self = error.policy == .pause ? .usage : .unavailable
        case .configuration, .migration: self = .usage
        case .server where error.policy == .pause: self = .usage
        default: self = .unavailable
        }
    }

    /// Whether trying again later may help.
    init(_ error: AMQPError) {
        switch error.code {
        case .invalidURL, .invalidArgument, .tlsFailed, .accessRefused, .preconditionFailed, .notFound, .resourceLocked:
            self = .usage
        default: self = .unavailable
        }
    }

    /// Whether trying again later may help.
    init(_ error: StoreError) {
        switch error {
        case .database(let error): self.init(error)
        case .impossibleRow: self = .findings
        case .misuse: self = .usage
        }
    }
}
