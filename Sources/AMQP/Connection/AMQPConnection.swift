internal import CRabbitMQ
internal import Synchronization

/// A connection to a broker with one channel, driven by one thread that polls its socket.
///
/// Making it blocks (name look-up, TLS, log-in): make it on a helper thread and hand it over. From then on it belongs to
/// one thread at a time, which is why it may be sent although nothing in it is locked. Nothing waits longer than
/// ``ConnectionOptions/rpcTimeout`` (set-up) or ``ConnectionOptions/sendTimeout`` (a broker that takes no data).
///
/// The owner's loop: poll ``fileDescriptor`` for input (and for output while ``wantsWrite``) until ``nextDeadline``, then
/// ``receive(maxBytes:_:)``, ``flush()`` and ``serviceHeartbeat(now:)``. After any thrown ``AMQPError`` that leaves
/// ``isOpen`` false, drop the connection and make a new one: all that was not settled is unknown.
public final class AMQPConnection: @unchecked Sendable {
    /// What a connection is for. An alarm at the broker blocks connections that publish, so acks go over another.
    public enum Role: Sendable {
        /// Consumes and acks.
        case consuming
        /// Publishes with confirms.
        case publishing
    }

    /// The broker.
    public let url: AMQPURL
    /// The name that the broker shows for it.
    public let name: String
    /// What it is for.
    public let role: Role
    /// Its bounds.
    public let options: ConnectionOptions
    /// Heartbeat agreed with the broker, nil for none.
    public let heartbeat: Duration?
    /// The socket, to be polled; never to be read or closed by others.
    public let fileDescriptor: Int32
    /// Number of the channel's life, unique in the process; deliveries carry it.
    public internal(set) var generation = AMQPConnection.nextGeneration()
    /// Whether it can still be used.
    public internal(set) var isOpen = true
    /// Whether the broker takes no publishes for now.
    public internal(set) var isBlocked = false
    /// Since when publishes have been waiting without any confirm; nil when none waits.
    public internal(set) var awaitingConfirmSince: ContinuousClock.Instant?

    let state: amqp_connection_state_t
    let writer: FrameWriter
    let scratch = CallScratch()
    let frame = UnsafeMutablePointer<amqp_frame_t>.allocate(capacity: 1)
    var consumers: [Consumer] = []
    var ledger = ConfirmLedger()
    var incoming: IncomingContent?
    var lastHeard = ContinuousClock.now
    var lastHeartbeatTry = ContinuousClock.now

    /// Connects, logs in and opens the channel, with publisher confirms for ``Role/publishing``.
    ///
    /// Blocks at most `timeout`, name look-up not counted (the resolver has bounds of its own).
    public init(
        _ url: AMQPURL,
        name: String,
        role: Role,
        options: ConnectionOptions = ConnectionOptions(),
        timeout: Duration = .seconds(10)
    ) throws(AMQPError) {
        let login = try Login.open(url, name: name, role: role, options: options, timeout: timeout)
        self.url = url
        self.name = name
        self.role = role
        self.options = options
        self.state = login.state
        self.heartbeat = login.heartbeat
        self.fileDescriptor = amqp_get_sockfd(login.state)
        self.writer = FrameWriter(login.state, isTLS: url.usesTLS, sendTimeout: options.sendTimeout)
    }

    deinit {
        amqp_destroy_connection(state)
        frame.deallocate()
    }

    /// Says goodbye and waits for the answer, at most `timeout`; the connection is closed either way.
    ///
    /// Wait for confirms first: what is unconfirmed now stays unknown. Unacked deliveries go back to their queues.
    public func close(timeout: Duration = .seconds(2)) {
        guard isOpen else { return }
        isOpen = false
        // The broker counts the connection until its socket ends, which our deinit may be long in doing.
        defer { crabbitmq_shut_down(fileDescriptor) }
        let deadline = ContinuousClock.now + timeout
        try? writer.flush()
        guard !writer.hasPending, writer.socketHasRoom else { return }
        let reason = amqp_connection_close_t(
            reply_code: 200, reply_text: scratch.bytes("goodbye"), class_id: 0, method_id: 0)
        scratch.reset()
        guard (try? writer.method(UInt32(AMQP_CONNECTION_CLOSE_METHOD), reason, channel: 0)) != nil,
            (try? writer.flush()) != nil
        else { return }
        while true {
            var left = (deadline - .now).timeval
            let status = amqp_simple_wait_frame_noblock(state, frame, &left)
            guard status == AMQP_STATUS_OK.rawValue else { return }
            let isMethod = frame.pointee.frame_type == UInt8(AMQP_FRAME_METHOD)
            let isLast = isMethod && crabbitmq_method_id(frame) == UInt32(AMQP_CONNECTION_CLOSE_OK_METHOD)
            amqp_maybe_release_buffers(state)
            if isLast || deadline <= .now { return }
        }
    }

    func requireOpen() throws(AMQPError) {
        guard isOpen else { throw AMQPError(.alreadyClosed, "the connection is closed: make a new one", context: name) }
    }

    /// Runs something after whose failure the stream cannot be trusted any more.
    func orClose<Result>(_ body: () throws(AMQPError) -> Result) throws(AMQPError) -> Result {
        do {
            return try body()
        } catch {
            if error.code != .invalidArgument { isOpen = false }
            throw error.with(context: name)
        }
    }

    private static let generations = Atomic<UInt64>(0)

    static func nextGeneration() -> UInt64 {
        generations.add(1, ordering: .relaxed).newValue
    }
}

/// A consumer on the channel; it is remembered after its end, for deliveries that were under way.
struct Consumer {
    let tag: String
    let queue: String
    var isActive = true
}
