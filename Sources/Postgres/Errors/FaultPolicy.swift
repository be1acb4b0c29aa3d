/// What to do about a `PostgresError`: the one table of it.
public enum FaultPolicy: Hashable, Sendable {
    /// The fault can pass: roll back and run the same batch again, with jitter; a few times, then bisect.
    case retryBatch
    /// A lock did not come in time: as `retryBatch`, then with smaller batches.
    case lockTimeout
    /// Drop the connection, make a new one, run the batch again.
    case reconnect
    /// Schema, set-up or a full disk, never a message's fault: stop taking messages, keep them, tell people, look again later.
    case pause
    /// The data can't be stored: bisect the batch down to the culprit, commit the rest.
    case dataFault
}

extension PostgresError {
    /// What to do about this error.
    public var policy: FaultPolicy {
        switch code {
        case .connectionLost, .timedOut, .interrupted:
            .reconnect
        case .commitRefused:
            .retryBatch
        case .invalidParameter:
            .dataFault
        case .wrongType, .unexpectedNull, .malformedValue, .configuration, .misuse, .migration:
            .pause
        case .connectFailed:
            sqlState.map(serverPolicy) == .pause ? .pause : .reconnect
        case .server:
            sqlState.map(serverPolicy) ?? .reconnect
        }
    }

    private func serverPolicy(_ state: SQLState) -> FaultPolicy {
        switch state.rawValue {
        case "57014", "72000", "23505":
            return .retryBatch
        case "55P03":
            return .lockTimeout
        case "57P01", "57P02", "57P03", "57P05", "25P03", "53300", "25006", "26000":
            return .reconnect
        case "08P01":
            // On a live connection this is a malformed message of ours; a pooler says it of a connection it can't make.
            return code == .connectFailed ? .reconnect : .pause
        case "0A000":
            // "cached plan must not change result type", told apart without reading a translated message.
            return sourceFunction == "RevalidateCachedQuery" ? .reconnect : .pause
        case "23514":
            // A missing partition is reported as a check violation that names no constraint.
            return constraint == nil ? .pause : .dataFault
        default:
            return classPolicy(state)
        }
    }

    private func classPolicy(_ state: SQLState) -> FaultPolicy {
        switch state.errorClass {
        case "40": .retryBatch
        case "08": .reconnect
        // 54: a value larger than an index or row can hold; P0: raised by a trigger that checks data.
        case "22", "23", "54", "P0": .dataFault
        default: .pause
        }
    }
}
