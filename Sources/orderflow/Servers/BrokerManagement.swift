internal import FoundationEssentials

/// The broker's management API, as far as this program looks at it.
struct BrokerManagement {
    let address: HTTPAddress
    let user: String
    let password: String
    let vhost: String

    struct Queue: Decodable {
        let name: String
        let type: String?
        let messages: Int?
        let consumers: Int?
        let arguments: [String: JSONValue]?
    }

    struct Binding: Decodable, Hashable {
        let source: String
        let destination: String
        let destinationType: String
        let routingKey: String
    }

    struct Exchange: Decodable {
        let name: String
        let type: String
        let arguments: [String: JSONValue]?
    }

    struct Node: Decodable {
        let name: String
        let running: Bool?
        let memAlarm: Bool?
        let diskFreeAlarm: Bool?
    }

    struct Policy: Decodable {
        let name: String
        let pattern: String
        let definition: [String: JSONValue]
    }

    func queues() throws(Failure) -> [Queue] {
        try get("/api/queues/\(escaped(vhost))?columns=name,type,messages,consumers,arguments")
    }

    func bindings() throws(Failure) -> [Binding] {
        try get("/api/bindings/\(escaped(vhost))")
    }

    func nodes() throws(Failure) -> [Node] {
        try get("/api/nodes?columns=name,running,mem_alarm,disk_free_alarm")
    }

    func policies() throws(Failure) -> [Policy] {
        try get("/api/policies/\(escaped(vhost))")
    }

    private func get<Answer: Decodable>(_ path: String) throws(Failure) -> Answer {
        let answer = try HTTPRequest(get: path, at: address, user: user, password: password)
        switch answer.status {
        case 200: break
        case 401, 403:
            throw Failure(
                .usage,
                "the management API does not let user \(user) see \(path.prefix { $0 != "?" }): "
                    + "give it the tag `monitoring`, or set another user in management.url")
        default: throw Failure(.unavailable, "the management API answers \(answer.status) to \(path)")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Answer.self, from: Data(answer.body))
        } catch {
            throw Failure(.unavailable, "the management API answers \(path) in a way that is not known here")
        }
    }

    private func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
