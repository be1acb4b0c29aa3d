internal import CRabbitMQ

extension AMQPError {
    /// The error for a `channel.close` or `connection.close` that the broker sent.
    static func closed(replyCode: Int, text: String, channel: Bool, context: String?) -> AMQPError {
        let difference = Difference(brokerText: text)
        let code: Code =
            switch replyCode {
            case 403, 530: .accessRefused
            case 404 where channel: .notFound
            case 405 where channel: .resourceLocked
            case 406 where channel: .preconditionFailed
            default: channel ? .channelClosed : .connectionClosed
            }
        var message = "the broker closed the \(channel ? "channel" : "connection"): \(replyCode) \(text)"
        if let difference {
            message += """
                . '\(difference.argument)' differs: declared \(difference.declared), existing \(difference.existing). \
                Arguments of what exists cannot be changed: declare it as it is, or move its messages \
                (shovel them to a new queue), delete it and declare it again
                """
        }
        return AMQPError(code, message, replyCode: replyCode, context: context, difference: difference)
    }

    /// The error for a negative status of the library.
    static func library(_ status: Int32, context: String?) -> AMQPError {
        let text = String(cString: amqp_error_string2(status))
        let code: Code =
            switch status {
            case AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue: .heartbeatMissed
            case AMQP_STATUS_TIMEOUT.rawValue: .timedOut
            case AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue,
                AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue, AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue:
                .tlsFailed
            case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED.rawValue: .connectFailed
            case AMQP_STATUS_CONNECTION_CLOSED.rawValue, AMQP_STATUS_SOCKET_ERROR.rawValue,
                AMQP_STATUS_TCP_ERROR.rawValue, AMQP_STATUS_SOCKET_CLOSED.rawValue,
                // Said of reading and writing only; what fails before has statuses of its own.
                AMQP_STATUS_SSL_ERROR.rawValue:
                .connectionLost
            case AMQP_STATUS_TABLE_TOO_BIG.rawValue, AMQP_STATUS_INVALID_PARAMETER.rawValue: .invalidArgument
            default: .protocolViolation
            }
        return AMQPError(code, text, context: context)
    }
}

extension AMQPError.Difference {
    /// Reads `inequivalent arg 'durable' for queue 'q' in vhost '/': received 'true' but current is 'false'`.
    /// Values of arguments come as `the value 'x' of type 'longstr'`, absent ones as `none`.
    init?(brokerText text: String) {
        guard let name = text.between("inequivalent arg '", and: "'"),
            let declared = text.between(": received ", and: " but current is "),
            let existing = text.after(" but current is ")
        else { return nil }
        self.init(argument: name, declared: declared, existing: existing)
    }
}

extension String {
    fileprivate func after(_ start: String) -> String? {
        firstRange(of: start).map { String(self[$0.upperBound...]) }
    }

    fileprivate func between(_ start: String, and end: String) -> String? {
        guard let rest = after(start), let stop = rest.firstRange(of: end) else { return nil }
        return String(rest[..<stop.lowerBound])
    }

    private func firstRange(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) {
                return start..<index(start, offsetBy: needle.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
