internal import Glibc
internal import Synchronization

/// Stands between clients and a server on loopback; what either says goes through a filter of the test's own.
public final class Relay: Sendable {
    /// Takes what a client may hear now from what its server has said and it has not heard; the rest waits.
    ///
    /// The number tells the connections apart, in the order in which they were made.
    public typealias Filter = @Sendable (_ connection: Int, _ said: inout [UInt8]) -> [UInt8]

    /// Takes from what was said on one way of a connection what goes on now; the rest waits.
    public typealias WayFilter = @Sendable (_ way: Way, _ said: inout [UInt8]) -> Passage

    /// One direction of one connection.
    public struct Way: Hashable, Sendable {
        /// Connections are numbered in the order in which they were made.
        public let connection: Int
        /// Else what the server says to the client.
        public let isToServer: Bool
    }

    /// What becomes of bytes on their way.
    public enum Passage: Sendable {
        /// They go on.
        case on([UInt8])
        /// They go on, each in a packet of its own.
        case bytewise([UInt8])
        /// Nothing goes on, and when one side ends, the other does not hear of it.
        case silence
        /// These go on, then both sides see the connection end.
        case cut(after: [UInt8])
    }

    /// Where it listens.
    public let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let filter: WayFilter
    private let isOpen = Atomic<Bool>(true)

    /// Listens on a port of its own; each connection has a thread of its own, until either side ends.
    public init(to target: UInt16, ways filter: @escaping WayFilter) throws(TestServersError) {
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

    /// As the other, where only what the server says is of interest.
    public convenience init(to target: UInt16, _ filter: @escaping Filter) throws(TestServersError) {
        try self.init(to: target) { way, said in
            guard way.isToServer else { return .on(filter(way.connection, &said)) }
            defer { said = [] }
            return .on(said)
        }
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
            // A process that is started would keep the connection open beyond its end.
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
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
        // What is said in small parts is to be heard in small parts.
        var yes: Int32 = 1
        for end in [client, server] {
            setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        var ways = [
            OneWay(from: client, to: server, Way(connection: number, isToServer: true)),
            OneWay(from: server, to: client, Way(connection: number, isToServer: false)),
        ]
        while isOpen.load(ordering: .acquiring) {
            var entries = ways.map { pollfd(fd: $0.pollable, events: Int16(POLLIN), revents: 0) }
            poll(&entries, 2, 5)
            for index in ways.indices {
                if entries[index].revents != 0 { ways[index].receive() }
                guard ways[index].pass(filter) else { return }
            }
            let isSilent = ways.contains(where: \.isSilent)
            if ways.contains(where: \.hasEnded), !isSilent || ways.allSatisfy(\.hasEnded) { return }
        }
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

/// One direction of a connection at work.
private struct OneWay {
    private let source: Int32
    private let target: Int32
    private let way: Relay.Way
    private var said: [UInt8] = []
    /// The one who speaks has ended.
    private(set) var hasEnded = false
    /// Nothing goes on.
    private(set) var isSilent = false

    init(from source: Int32, to target: Int32, _ way: Relay.Way) {
        self.source = source
        self.target = target
        self.way = way
    }

    /// Nobody can be made to hold more than this.
    private static let mostWaiting = 1 << 20

    /// The descriptor to poll for input; -1 where nothing more is read.
    var pollable: Int32 { hasEnded || said.count > Self.mostWaiting ? -1 : source }

    mutating func receive() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(source, &bytes, bytes.count, 0)
        if count > 0 { said += bytes[..<count] } else { hasEnded = true }
    }

    /// Lets go on what the filter lets; false when the connection is at its end.
    mutating func pass(_ filter: Relay.WayFilter) -> Bool {
        isSilent = false
        switch filter(way, &said) {
        case .on(let bytes): return send(bytes[...])
        case .bytewise(let bytes): return bytes.indices.allSatisfy { send(bytes[$0...$0]) }
        case .silence:
            said = []
            isSilent = true
            return true
        case .cut(let bytes):
            _ = send(bytes[...])
            return false
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
