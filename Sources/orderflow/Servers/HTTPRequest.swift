internal import FoundationEssentials
internal import Glibc

/// One HTTP GET, bounded in time. HTTP 1.0: the body ends where the connection does.
struct HTTPRequest {
    let status: Int
    let body: [UInt8]

    init(
        get path: String, at address: HTTPAddress, user: String, password: String, timeoutSeconds: Int = 5
    ) throws(Failure) {
        let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
        let request = """
            GET \(path) HTTP/1.0\r
            Host: \(address.host)\r
            Authorization: Basic \(credentials)\r
            Accept: application/json\r
            \r\n
            """
        let descriptor = try Self.connect(address, timeoutSeconds)
        defer { close(descriptor) }
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count,
            let answer = Self.readToEnd(descriptor)
        else { throw Self.failure(address, errno) }
        let head = String(decoding: answer.prefix(32), as: UTF8.self).split(separator: " ")
        guard head.count > 1, let status = Int(head[1]) else {
            throw Failure(.unavailable, "\(address.host):\(address.port) does not speak HTTP")
        }
        self.status = status
        body = answer.firstRange(of: Array("\r\n\r\n".utf8)).map { Array(answer[$0.upperBound...]) } ?? []
    }

    private static func connect(_ address: HTTPAddress, _ timeoutSeconds: Int) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else {
            throw Failure(.unavailable, "\(address.host): no such host")
        }
        defer { freeaddrinfo(list) }
        var reason: Int32 = ECONNREFUSED
        var candidate = list
        while let entry = candidate?.pointee {
            let descriptor = socket(
                entry.ai_family, entry.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), entry.ai_protocol)
            var patience = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
            if Glibc.connect(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 { return descriptor }
            reason = errno
            close(descriptor)
            candidate = entry.ai_next
        }
        throw failure(address, reason)
    }

    private static func readToEnd(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 ? bytes : nil }
            bytes += chunk[..<count]
        }
    }

    private static func failure(_ address: HTTPAddress, _ reason: Int32) -> Failure {
        let text = reason == EAGAIN ? "no answer in time" : String(cString: strerror(reason))
        return Failure(.unavailable, "\(address.host):\(address.port): \(text)")
    }
}
