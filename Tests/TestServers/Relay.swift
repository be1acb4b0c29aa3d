internal import Glibc
internal import Synchronization

/// Stands between clients and a server on loopback; what the server says goes through a filter of the test's own.
public final class Relay: Sendable {
    /// Takes what a client may hear now from what its server has said and it has not heard; the rest waits.
    ///
    /// The number tells the connections apart, in the order in which they were made.
    public typealias Filter = @Sendable (_ connection: Int, _ said: inout [UInt8]) -> [UInt8]

    /// Where it listens.
    public let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let filter: Filter
    private let isOpen = Atomic<Bool>(true)

    /// Listens on a port of its own; each connection has a thread of its own, until either side ends.
    public init(to target: UInt16, _ filter: @escaping Filter) throws(TestServersError) {
        self.target = target
        self.filter = filter
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var address = Self.loopback(0)
        let isListening = Self.withAddress(&address) {
            bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
        }
        guard isListening else { throw TestServersError("no listener: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        detachThread { [self] in takeConnections() }
    }

    /// Ends all connections, and takes no more.
    public func close() { isOpen.store(false, ordering: .releasing) }

    private func takeConnections() {
        var connections = 0
        defer { Glibc.close(listener) }
        while isOpen.load(ordering: .acquiring) {
            var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 20) > 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            let number = connections
            detachThread { [self] in serve(client, number) }
            connections += 1
        }
    }

    private func serve(_ client: Int32, _ number: Int) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer {
            Glibc.close(client)
            Glibc.close(server)
        }
        var address = Self.loopback(target)
        let isConnected = Self.withAddress(&address) {
            connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
        guard isConnected else { return }
        var said: [UInt8] = []
        while isOpen.load(ordering: .acquiring) {
            var entries = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&entries, 2, 5)
            if entries[0].revents != 0 {
                guard let bytes = receive(from: client), send(bytes, to: server) else { return }
            }
            if entries[1].revents != 0 {
                guard let bytes = receive(from: server) else { return }
                said += bytes
            }
            guard send(filter(number, &said), to: client) else { return }
        }
    }

    private func receive(from socket: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private func send(_ bytes: [UInt8], to socket: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.send(socket, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static func withAddress<T>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> T
    ) -> T {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
