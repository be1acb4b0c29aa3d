/// The address of a management API: `http://user:password@host:port`.
struct HTTPAddress: Sendable {
    let host: String
    let port: UInt16
    let user: String?
    let password: String?

    init?(_ text: String) {
        guard text.hasPrefix("http://") else { return nil }
        var authority = text.dropFirst("http://".count)
        while authority.last == "/" { authority.removeLast() }
        var credentials: Substring?
        if let at = authority.lastIndex(of: "@") {
            credentials = authority[..<at]
            authority = authority[authority.index(after: at)...]
        }
        guard !authority.isEmpty, !authority.contains("/"), !authority.contains(" ") else { return nil }
        let colon = authority.lastIndex(of: ":")
        let digits = colon.map { authority[authority.index(after: $0)...] } ?? "15672"
        guard let port = UInt16(digits) else { return nil }
        host = String(colon.map { authority[..<$0] } ?? authority)
        guard !host.isEmpty else { return nil }
        self.port = port
        let separator = credentials?.firstIndex(of: ":")
        user = credentials.map { text in String(separator.map { text[..<$0] } ?? text) }
        password = credentials.flatMap { text in separator.map { String(text[text.index(after: $0)...]) } }
    }
}
