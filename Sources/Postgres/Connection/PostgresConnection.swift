internal import CPostgres

/// A connection to PostgreSQL that never blocks in the network but in its `waiter`.
///
/// Used by one thread at a time. It is `@unchecked Sendable` so that a helper thread can make it and hand it over:
/// whoever hands it over must not touch it afterwards. Only a `canceller` may be used from elsewhere meanwhile.
public final class PostgresConnection: @unchecked Sendable {
    /// How to wait for the server; replace it to do other work meanwhile. What it captures lives as long as it is set.
    public var waiter: SocketWaiter = { wait in wait.poll() }
    /// Hears the server's notices and warnings, which are dropped otherwise.
    public var onNotice: ((String) -> Void)? {
        get { notices.receive }
        set { notices.receive = newValue }
    }
    /// How long a flight of statements may take; nil for no bound.
    public var responseTimeoutMilliseconds: Int?
    /// The server process that serves this connection.
    public let backendPID: Int32
    /// The server's version, for example 150018.
    public let serverVersion: Int32
    /// Flights sent so far: each is a round trip.
    public internal(set) var roundTripCount = 0
    /// Statements sent in them so far, their preparation not counted.
    public internal(set) var statementCount = 0
    /// Cancels what this connection is running, from another thread.
    public let canceller: Canceller?

    var handle: OpaquePointer?
    let encoder = ParameterEncoder()
    var prepared: [String: PreparedStatement] = [:]
    var flight: Flight?
    private let notices: NoticeReceiver

    /// Connects and sets the session up. Blocks for `connectTimeoutSeconds` an address at most, plus name look-up.
    public init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        let handle = try Self.connect(configuration)
        self.handle = handle
        backendPID = PQbackendPID(handle)
        serverVersion = PQserverVersion(handle)
        canceller = Canceller(handle)
        responseTimeoutMilliseconds = max(configuration.connectTimeoutSeconds, 2) * 1000
        notices = NoticeReceiver(handle)
        let settings = configuration.settings.map { "SET \($0.0) = '\($0.1)'" }
        try execute(settings.joined(separator: "; "))
        responseTimeoutMilliseconds = configuration.responseTimeoutMilliseconds
    }

    deinit {
        close()
    }

    /// Ends the session. An open transaction is rolled back by the server.
    public func close() {
        guard let handle else { return }
        PQfinish(handle)
        self.handle = nil
    }

    /// False once the connection was closed or found broken.
    public var isAlive: Bool {
        handle.map { PQstatus($0) == CONNECTION_OK } ?? false
    }

    /// The socket, to poll it while idle; nil when the connection is lost.
    public var descriptor: Int32? {
        guard let handle else { return nil }
        let socket = PQsocket(handle)
        return socket >= 0 ? socket : nil
    }

    /// Where the transaction stands, as far as results have been read.
    public var transactionStatus: TransactionStatus {
        guard let handle, isAlive else { return .unknown }
        return switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_ACTIVE: .active
        case PQTRANS_INTRANS: .inTransaction
        case PQTRANS_INERROR: .failed
        default: .unknown
        }
    }

    /// Reads what came while idle, for when the socket is readable. Throws if the server has ended the session.
    public func readIdle() throws(PostgresError) {
        let handle = try requireHandle()
        guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { throw lostError(handle) }
        // Reading is not parsing: this hands notices on.
        _ = PQisBusy(handle)
    }

    func requireHandle() throws(PostgresError) -> OpaquePointer {
        guard let handle else {
            var error = PostgresError(.connectionLost, "the connection is closed")
            error.isConnectionLost = true
            throw error
        }
        return handle
    }
}

/// Takes the place of libpq's default, which prints notices to the error output.
private final class NoticeReceiver {
    var receive: ((String) -> Void)?

    init(_ connection: OpaquePointer) {
        // Unretained: the connection owns this object for as long as the handle lives.
        let context = Unmanaged.passUnretained(self).toOpaque()
        PQsetNoticeProcessor(
            connection,
            { context, message in
                guard let context, let message else { return }
                Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue().receive?(String(cString: message))
            }, context)
    }
}
