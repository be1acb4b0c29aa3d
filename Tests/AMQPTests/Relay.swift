import Glibc
import Synchronization
import TestServers

/// Stands between a client and the broker and lets through as many of the broker's bytes as it is told.
final class Relay: Sendable {
    private struct Failure: Error {}

    let port: Int
    private let listener: Int32
    private let target: UInt16
    private let allowance = Atomic<Int>(.max)

    /// Listens on a port of its own; serves one connection, on a thread of its own, until either side ends.
    init(to target: Int) throws {
        self.target = UInt16(target)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let listener = listener
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard isListening else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Task { try await onThread { self.serve() } }
    }

    deinit { close(listener) }

    /// From now on lets through only so many bytes more.
    func allow(_ bytes: Int) { allowance.store(bytes, ordering: .sequentiallyConsistent) }

    private func serve() {
        let client = accept(listener, nil, nil)
        let broker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(client)
            close(broker)
        }
        var address = Self.loopback(target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(broker, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard client >= 0, isConnected else { return }
        while true {
            let allowed = allowance.load(ordering: .sequentiallyConsistent)
            var entries = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: allowed > 0 ? broker : -1, events: Int16(POLLIN), revents: 0),
            ]
            poll(&entries, 2, 5)
            if entries[0].revents != 0, !pass(client, broker, 65_536) { return }
            if entries[1].revents != 0, !pass(broker, client, min(allowed, 65_536), counted: true) { return }
        }
    }

    private func pass(_ from: Int32, _ to: Int32, _ limit: Int, counted: Bool = false) -> Bool {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(from, &buffer, limit, 0)
        guard count > 0 else { return false }
        if counted { allowance.subtract(count, ordering: .sequentiallyConsistent) }
        return send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}
