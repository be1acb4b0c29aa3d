/// Reads the parts of an AMQP URI one after the other; each fault names the part and its remedy.
enum AMQPURLParser {
    static func parse(_ text: String) throws(AMQPError) -> AMQPURL {
        guard let schemeEnd = text.firstIndex(of: ":"), text[schemeEnd...].hasPrefix("://") else {
            throw fault("a broker URI starts with amqp:// or amqps://")
        }
        let usesTLS =
            switch text[..<schemeEnd].lowercased() {
            case "amqp": false
            case "amqps": true
            default: throw fault("the scheme must be amqp or amqps, not '\(text[..<schemeEnd])'")
            }
        var rest = text[text.index(schemeEnd, offsetBy: 3)...]
        guard !rest.contains("#") else { throw fault("a '#' must be written %23") }

        let query = cut(&rest, at: "?")
        let path = cut(&rest, at: "/")
        let (user, password) = try credentials(&rest)
        let (host, port) = try hostAndPort(rest)
        var url = AMQPURL(
            usesTLS: usesTLS,
            host: host,
            port: port ?? (usesTLS ? 5671 : 5672),
            user: user,
            password: password,
            vhost: try path.map { path throws(AMQPError) in try vhost(path) } ?? "/"
        )
        if let query, !query.isEmpty { try read(query, into: &url) }
        return url
    }

    /// Splits `rest` at the first separator: keeps what is before it, returns what is after it.
    private static func cut(_ rest: inout Substring, at separator: Character) -> Substring? {
        guard let index = rest.firstIndex(of: separator) else { return nil }
        defer { rest = rest[..<index] }
        return rest[rest.index(after: index)...]
    }

    private static func credentials(_ rest: inout Substring) throws(AMQPError) -> (String, String) {
        guard let at = rest.lastIndex(of: "@") else { return ("guest", "guest") }
        var user = rest[..<at]
        rest = rest[rest.index(after: at)...]
        guard !user.contains("@") else { throw fault("an '@' in user or password must be written %40") }
        let password = cut(&user, at: ":")
        guard let password else { throw fault("the URI has a user but no password: write user:password@host") }
        return (try decode(user, "the user"), try decode(password, "the password"))
    }

    private static func hostAndPort(_ text: Substring) throws(AMQPError) -> (String, Int?) {
        var host = text
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw fault("an IPv6 address ends with ']'") }
            host = text[text.index(after: text.startIndex)..<end]
            var tail = text[text.index(after: end)...]
            if !tail.isEmpty {
                portText = cut(&tail, at: ":")
                guard tail.isEmpty else { throw fault("only ':port' may follow ']'") }
            }
        } else {
            portText = cut(&host, at: ":")
        }
        guard !host.isEmpty else { throw fault("the URI names no host") }
        let name = try decode(host, "the host")
        guard let portText else { return (name, nil) }
        guard let port = Int(portText), (1...65535).contains(port) else {
            throw fault("the port must be a number from 1 to 65535, not '\(portText)'")
        }
        return (name, port)
    }

    private static func vhost(_ path: Substring) throws(AMQPError) -> String {
        guard !path.contains("/") else { throw fault("a '/' in the vhost must be written %2F") }
        guard !path.isEmpty else {
            throw fault("the vhost is empty: write %2F for the vhost '/', or leave out the last '/'")
        }
        return try decode(path, "the vhost")
    }

    private static func read(_ query: Substring, into url: inout AMQPURL) throws(AMQPError) {
        for pair in query.split(separator: "&") {
            var key = pair
            let value = try decode(cut(&key, at: "=") ?? "", "the value of '\(key)'")
            switch key {
            case "heartbeat":
                guard let seconds = Int(value), (0...3600).contains(seconds) else {
                    throw fault("heartbeat must be a number of seconds from 0 to 3600, not '\(value)'")
                }
                url.heartbeatSeconds = seconds
            case "cacertfile":
                guard !value.isEmpty else { throw fault("cacertfile must name a file") }
                url.certificateAuthorityFile = value
            case "verify":
                guard value == "verify_peer" || value == "verify_none" else {
                    throw fault("verify must be verify_peer or verify_none, not '\(value)'")
                }
                url.verifiesPeer = value == "verify_peer"
            default:
                throw fault("unknown setting '\(key)': known are heartbeat, cacertfile and verify")
            }
        }
    }

    private static func decode(_ text: Substring, _ part: String) throws(AMQPError) -> String {
        guard let decoded = PercentCoding.decode(text) else {
            throw fault("\(part) is not percent-encoded UTF-8: a '%' must be written %25")
        }
        guard !decoded.utf8.contains(0) else { throw fault("\(part) contains a NUL byte") }
        return decoded
    }

    private static func fault(_ message: String) -> AMQPError {
        AMQPError(.invalidURL, "broker URI: \(message)")
    }
}
