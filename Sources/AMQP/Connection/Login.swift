internal import CRabbitMQ
internal import Glibc

/// The blocking part: from a URI to an open channel.
struct Login {
    let state: amqp_connection_state_t
    let heartbeat: Duration?

    /// Kept above the publish window, so that the window ends before the kernel's patience does.
    private static let sendBufferBytes: Int32 = 512 * 1024
    private static let userTimeoutMilliseconds: Int32 = 20_000
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    static func open(
        _ url: AMQPURL, name: String, role: AMQPConnection.Role, options: ConnectionOptions, timeout: Duration
    ) throws(AMQPError) -> Login {
        let deadline = ContinuousClock.now + timeout
        guard let state = amqp_new_connection() else {
            throw AMQPError(.connectFailed, "no memory for a connection", context: url.description)
        }
        do {
            try openSocket(state, url, deadline)
            crabbitmq_tune_socket(amqp_get_sockfd(state), sendBufferBytes, userTimeoutMilliseconds)
            let heartbeat = try logIn(state, url, name, options, deadline)
            try openChannel(state, role, url, deadline)
            try setReplyTimeout(state, options.rpcTimeout)
            return Login(state: state, heartbeat: heartbeat)
        } catch {
            amqp_destroy_connection(state)
            throw error.with(context: url.description)
        }
    }

    private static func openSocket(
        _ state: amqp_connection_state_t, _ url: AMQPURL, _ deadline: ContinuousClock.Instant
    ) throws(AMQPError) {
        let socket = url.usesTLS ? try secureSocket(state, url) : amqp_tcp_socket_new(state)
        guard let socket else { throw AMQPError(.connectFailed, "no memory for a socket") }
        var left = (deadline - .now).timeval
        let status = amqp_socket_open_noblock(socket, url.host, Int32(url.port), &left)
        guard status == AMQP_STATUS_OK.rawValue else {
            let error = AMQPError.library(status, context: nil)
            switch status {
            case AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue:
                throw AMQPError(
                    .tlsFailed,
                    "the broker's certificate is not signed by a trusted authority: name its CA with cacertfile")
            case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue:
                throw AMQPError(
                    .tlsFailed,
                    "the broker's certificate is not for '\(url.host)': connect by the DNS name in the certificate")
            default:
                let code: AMQPError.Code = error.code == .connectionLost ? .connectFailed : error.code
                throw AMQPError(code, "cannot connect: \(error.message)")
            }
        }
    }

    private static func secureSocket(
        _ state: amqp_connection_state_t, _ url: AMQPURL
    ) throws(AMQPError) -> OpaquePointer? {
        guard let socket = amqp_ssl_socket_new(state) else { return nil }
        amqp_ssl_socket_set_verify_peer(socket, url.verifiesPeer ? 1 : 0)
        amqp_ssl_socket_set_verify_hostname(socket, url.verifiesPeer ? 1 : 0)
        guard amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST) == AMQP_STATUS_OK.rawValue
        else { throw AMQPError(.tlsFailed, "this OpenSSL cannot do TLS 1.2 or later") }
        if url.verifiesPeer {
            let file = url.certificateAuthorityFile ?? systemAuthorities
            guard amqp_ssl_socket_set_cacert(socket, file) == AMQP_STATUS_OK.rawValue else {
                throw AMQPError(.tlsFailed, "cannot read certificate authorities from '\(file)'")
            }
        }
        return socket
    }

    private static func logIn(
        _ state: amqp_connection_state_t,
        _ url: AMQPURL,
        _ name: String,
        _ options: ConnectionOptions,
        _ deadline: ContinuousClock.Instant
    ) throws(AMQPError) -> Duration? {
        var left = (deadline - .now).timeval
        amqp_set_handshake_timeout(state, &left)
        let scratch = CallScratch()
        // Without these the broker cancels consumers and blocks publishers without a word.
        let capabilities: [String: AMQPValue] = [
            "basic.nack": true, "connection.blocked": true, "consumer_cancel_notify": true,
            "publisher_confirms": true,
        ]
        var properties = try scratch.table(["connection_name": .string(name), "capabilities": .table(capabilities)])
        let wanted = Int32(clamping: url.heartbeatSeconds ?? options.heartbeatSeconds)
        let reply = crabbitmq_login_plain(state, url.vhost, wanted, &properties, url.user, url.password)
        try BrokerReply(reply).check(state, "log-in")
        let agreed = amqp_get_heartbeat(state)
        guard crabbitmq_take_over_heartbeats(state) == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(.connectFailed, "no memory for a connection")
        }
        return agreed > 0 ? .seconds(Int(agreed)) : nil
    }

    private static func openChannel(
        _ state: amqp_connection_state_t,
        _ role: AMQPConnection.Role,
        _ url: AMQPURL,
        _ deadline: ContinuousClock.Instant
    ) throws(AMQPError) {
        try setReplyTimeout(state, max(.milliseconds(1), deadline - .now))
        try BrokerReply.openChannel(state, role)
    }

    private static func setReplyTimeout(_ state: amqp_connection_state_t, _ timeout: Duration) throws(AMQPError) {
        var time = timeout.timeval
        guard amqp_set_rpc_timeout(state, &time) == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(.invalidArgument, "the reply timeout must not be negative")
        }
    }
}
