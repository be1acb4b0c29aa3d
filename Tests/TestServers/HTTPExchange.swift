internal import FoundationEssentials
internal import Glibc

/// One HTTP request to a server on loopback, and its answer. HTTP 1.0: the body ends where the connection does.
struct HTTPExchange {
    let status: Int
    let body: [UInt8]

    init(_ method: String, _ path: String, at server: HTTPServer, json: String = "") throws(TestServersError) {
        let request = """
            \(method) \(path) HTTP/1.0\r
            Host: \(server.host)\r
            Authorization: Basic \(Data(server.credentials.utf8).base64EncodedString())\r
            Content-Type: application/json\r
            Content-Length: \(json.utf8.count)\r
            \r
            \(json)
            """
        let answer = try server.answer(to: Array(request.utf8))
        let head = String(decoding: answer.prefix(64), as: UTF8.self).split(separator: " ")
        guard head.count > 1, let status = Int(head[1]) else {
            throw TestServersError("no HTTP answer to \(method) \(path)")
        }
        self.status = status
        let separator = Array("\r\n\r\n".utf8)
        body = answer.firstRange(of: separator).map { Array(answer[$0.upperBound...]) } ?? []
    }
}

/// Address and credentials, from a URL `http://user:secret@a.b.c.d:port`.
struct HTTPServer: Sendable {
    let host: String
    let port: UInt16
    let credentials: String

    init(url: String) throws(TestServersError) {
        let parts = url.split(separator: "://", maxSplits: 1).last?.split(separator: "@") ?? []
        let address = parts.last?.split(separator: ":") ?? []
        guard parts.count == 2, address.count == 2, let port = UInt16(address[1]) else {
            throw TestServersError("not an address of a management API: \(url)")
        }
        host = String(address[0])
        self.port = port
        credentials = String(parts[0])
    }

    fileprivate func answer(to request: [UInt8]) throws(TestServersError) -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestServersError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        // A frozen broker accepts and says nothing.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count,
            let answer = readToEnd(of: descriptor)
        else { throw TestServersError("\(host):\(port) does not answer: \(String(cString: strerror(errno)))") }
        return answer
    }
}
