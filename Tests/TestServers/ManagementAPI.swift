internal import FoundationEssentials

/// The broker's management API, as far as tests need it to arrange and look at things.
public struct ManagementAPI: Sendable {
    private let server: HTTPServer

    /// Of the main pair, or of another: `ServerPair.managementURL`.
    public init(url: String = TestServers.managementURL) throws(TestServersError) {
        server = try HTTPServer(url: url)
    }

    /// Makes a vhost with all rights on it for the tests' user.
    public func createVhost(_ name: String) throws(TestServersError) {
        try change("PUT", "/api/vhosts/\(escaped(name))")
        let user = server.credentials.prefix { $0 != ":" }
        try change(
            "PUT", "/api/permissions/\(escaped(name))/\(user)", json: #"{"configure":".*","write":".*","read":".*"}"#)
    }

    /// Deletes a vhost with all that is in it; its connections are closed. Not there: fine.
    public func deleteVhost(_ name: String) throws(TestServersError) {
        try change("DELETE", "/api/vhosts/\(escaped(name))")
    }

    /// Messages in a queue, ready or unacknowledged. About a second old; nil while the broker has no figure, or no such queue.
    public func queueDepth(_ vhost: String, _ queue: String) throws(TestServersError) -> Int? {
        struct Figures: Decodable { let messages: Int? }
        return try get(Figures.self, "/api/queues/\(escaped(vhost))/\(escaped(queue))?columns=messages")?.messages
    }

    /// From now on the exchange `amq.rabbitmq.trace` tells of each message that goes through a vhost.
    public func trace(_ vhost: String) throws(TestServersError) {
        try change("PUT", "/api/vhosts/\(escaped(vhost))", json: #"{"tracing":true}"#)
    }

    /// Closes every connection on a vhost from the broker's side, as an operator would; how many there were.
    @discardableResult
    public func closeAllConnections(_ vhost: String) throws(TestServersError) -> Int {
        struct Connection: Decodable { let name: String }
        let connections = try get([Connection].self, "/api/vhosts/\(escaped(vhost))/connections?columns=name") ?? []
        for connection in connections {
            try change("DELETE", "/api/connections/\(escaped(connection.name))")
        }
        return connections.count
    }

    /// The connections on a vhost, by the broker's name for each, which no other ever has: what the client calls it.
    public func connections(_ vhost: String) throws(TestServersError) -> [String: String] {
        struct Connection: Decodable {
            enum CodingKeys: String, CodingKey { case name, label = "user_provided_name" }
            let name: String
            let label: String?
        }
        let path = "/api/vhosts/\(escaped(vhost))/connections?columns=name,user_provided_name"
        let connections = try get([Connection].self, path) ?? []
        return Dictionary(connections.map { ($0.name, $0.label ?? "") }) { $1 }
    }

    /// A missing object is no error: what should not be there is not, and what is awaited is looked for again.
    private func change(_ method: String, _ path: String, json: String = "") throws(TestServersError) {
        let answer = try HTTPExchange(method, path, at: server, json: json)
        guard (200..<300).contains(answer.status) || answer.status == 404 else {
            throw TestServersError(
                "\(method) \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
    }

    private func get<T: Decodable>(_ type: T.Type, _ path: String) throws(TestServersError) -> T? {
        let answer = try HTTPExchange("GET", path, at: server)
        if answer.status == 404 { return nil }
        guard let value = try? JSONDecoder().decode(type, from: Data(answer.body)) else {
            throw TestServersError("GET \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return value
    }

    /// Percent-encoded for one segment of a path.
    private func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default:
                (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
