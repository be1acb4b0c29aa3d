internal import CPostgres

/// Asks the server to cancel what a connection is running. Any thread may use it, while the connection is busy.
///
/// Sendable because libpq documents `PQcancel` as safe from another thread and the handle never changes.
public final class Canceller: @unchecked Sendable {
    private let handle: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Sends the request over a connection of its own, and blocks while that is made. True says that it was sent, not
    /// that anything was cancelled.
    @discardableResult
    public func cancel() -> Bool {
        var message = [CChar](repeating: 0, count: 256)
        return PQcancel(handle, &message, Int32(message.count)) == 1
    }
}
