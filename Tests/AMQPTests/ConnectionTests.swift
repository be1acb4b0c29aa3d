import AMQP
import Glibc
import TestServers
import Testing

@Suite("Connecting")
struct ConnectionTests {
    @Test("with a wrong password is refused, and the password is not told")
    func refusesPassword() async throws {
        try await TestVhost.use { vhost in
            var url = try vhost.url()
            url.password = "wrong-secret"
            let error = failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }
            #expect(error?.code == .accessRefused)
            #expect(error?.description.contains("wrong-secret") == false)
        }
    }

    @Test("to a vhost that is not there is refused")
    func refusesVhost() async throws {
        try await onThread {
            let url = try AMQPURL(TestServers.amqpURL(vhost: TestServers.uniqueName("absent")))
            let error = failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }
            #expect(error?.code == .accessRefused)
        }
    }

    @Test("to a port where nobody listens fails, naming host and port")
    func failsWithoutBroker() async throws {
        try await onThread {
            let url = try AMQPURL("amqp://u:p@127.0.0.1:1/v")
            let error = failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }
            #expect(error?.code == .connectFailed)
            #expect(error?.description.contains("127.0.0.1:1") == true)
        }
    }

    @Test("to a host name that does not exist fails")
    func failsWithoutHost() async throws {
        try await onThread {
            let url = try AMQPURL("amqp://u:p@no-such-host.invalid/v")
            #expect(failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }?.code == .connectFailed)
        }
    }

    @Test("to a listener that never answers gives up in time", arguments: ["amqp", "amqps"])
    func givesUp(scheme: String) async throws {
        try await onThread {
            let listener = try SilentListener()
            let url = try AMQPURL("\(scheme)://u:p@127.0.0.1:\(listener.port)/v?verify=verify_none")
            let start = ContinuousClock.now
            let error = failure {
                _ = try AMQPConnection(url, name: "test", role: .publishing, timeout: .milliseconds(500))
            }
            #expect(error?.code == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }

    @Test("over TLS trusts only the named authority")
    func verifiesAuthority() async throws {
        try await TestVhost.use { vhost in
            #expect(try vhost.connect(.consuming, tls: true).isOpen)
            var url = try vhost.url(tls: true)
            url.certificateAuthorityFile = nil
            #expect(failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }?.code == .tlsFailed)
            url.certificateAuthorityFile = "/nonexistent/ca.pem"
            let error = failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }
            #expect(error?.code == .tlsFailed)
            #expect(error?.message.contains("/nonexistent/ca.pem") == true)
            url.verifiesPeer = false
            #expect(try AMQPConnection(url, name: "test", role: .consuming).isOpen)
        }
    }

    @Test("over TLS by a name that is not in the certificate is refused")
    func verifiesHost() async throws {
        try await TestVhost.use { vhost in
            var url = try vhost.url(tls: true)
            url.host = "localhost.localdomain"
            guard resolves(url.host) else { return }
            let error = failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }
            #expect(error?.code == .tlsFailed)
            #expect(error?.message.contains(url.host) == true)
        }
    }

    @Test("over TLS to a listener that speaks plain AMQP fails at once")
    func refusesPlainListener() async throws {
        try await TestVhost.use { vhost in
            var url = try vhost.url(tls: true)
            url.port = try vhost.url().port
            #expect(failure { _ = try AMQPConnection(url, name: "test", role: .consuming) }?.code == .tlsFailed)
        }
    }

    @Test("ends with the reason when an operator closes it", arguments: [false, true])
    func reportsOperatorClose(tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming, tls: tls)
            try waitUntil("the broker lists the connection") {
                try ManagementAPI().closeAllConnections(vhost.name) > 0
            }
            let error = failure { try connection.pump("the close") { _ in false } }
            #expect(error?.code == .connectionClosed)
            #expect(error?.replyCode == 320)
            #expect(!connection.isOpen)
            connection.close()
        }
    }

    @Test("stays alive idle for several heartbeats", arguments: [false, true])
    func keepsAlive(tls: Bool) async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming, tls: tls) { $0.heartbeatSeconds = 3 }
            #expect(connection.heartbeat == .seconds(3))
            let end = ContinuousClock.now + .seconds(12)
            try connection.pump("twelve seconds") { _ in .now > end }
            _ = try connection.declare(QueueDeclaration("q"))
        }
    }

    @Test("a connection that sends no heartbeats is dropped by the broker, and we notice")
    func noticesDrop() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.consuming) { $0.heartbeatSeconds = 1 }
            let error = failure {
                try waitUntil("the broker drops it") {
                    try connection.receive { _ in }
                    return false
                }
            }
            #expect(error?.code == .connectionLost)
            #expect(!connection.isOpen)
        }
    }

    @Test("closing twice, or dropping without closing, does no harm")
    func closes() async throws {
        try await TestVhost.use { vhost in
            let connection = try vhost.connect(.publishing)
            connection.close()
            connection.close()
            #expect(!connection.isOpen)
            #expect(!connection.canPublish(bytes: 1))
            _ = try vhost.connect(.publishing)
        }
    }
}

private struct NoListener: Error {}

/// Takes connections into its backlog and never says a word.
private final class SilentListener {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) != 0 || listen(descriptor, 8) != 0
                    || getsockname(descriptor, generic, &length) != 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard !failed else { throw NoListener() }
    }

    deinit { close(descriptor) }
}

private func resolves(_ host: String) -> Bool {
    var result: UnsafeMutablePointer<addrinfo>?
    defer { freeaddrinfo(result) }
    return getaddrinfo(host, nil, nil, &result) == 0
}
