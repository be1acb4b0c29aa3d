internal import Glibc

/// What a connection waits for.
public struct SocketWait: Sendable {
    /// The connection's socket.
    public let descriptor: Int32
    /// Whether to wait until it can be written to, besides being readable.
    public let forWriting: Bool
    /// When to give up; nil for never. The connection checks it after each wait.
    public let deadline: ContinuousClock.Instant?
}

/// Waits until the socket is readable (or writable, where asked for), and may do other work meanwhile.
///
/// It returns when the socket is ready or the deadline has come, and may return early. When it throws, the connection
/// can't be used any more.
public typealias SocketWaiter = (SocketWait) throws(PostgresError) -> Void

extension SocketWait {
    /// Waits for this socket alone, as a connection does unless told otherwise.
    public func poll() {
        let events = forWriting ? POLLIN | POLLOUT : POLLIN
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        // An interruption or an error shows when the socket is used next.
        _ = Glibc.poll(&entry, 1, millisecondsLeft)
    }

    /// Until the deadline, rounded up; -1 for no deadline, as `poll(2)` wants it.
    public var millisecondsLeft: Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: seconds * 1000 + milliseconds)
    }
}
