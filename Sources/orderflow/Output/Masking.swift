/// What must not be read over a shoulder: passwords never, personal data unless asked for.
enum Masking {
    static let stars = "***"

    /// A URL or a `keyword=value` string without its password.
    static func url(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return keywords(text, separators: [" "]) }
        let rest = text[scheme.upperBound...]
        let authorityEnd = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) ?? rest.endIndex
        // A password that is not encoded may hold a slash: what counts is the last @ before the query.
        let queryStart = rest.firstIndex(of: "?") ?? rest.endIndex
        let at = rest[..<queryStart].lastIndex(of: "@") ?? rest[..<authorityEnd].lastIndex(of: "@")
        var user = ""
        var tail = rest
        if let at {
            let credentials = rest[..<at]
            user = credentials.firstIndex(of: ":").map { credentials[..<$0] + ":" + stars } ?? String(credentials)
            user += "@"
            tail = rest[rest.index(after: at)...]
        }
        return text[..<scheme.upperBound] + user + keywords(String(tail), separators: ["?", "&"])
    }

    private static func keywords(_ text: String, separators: Set<Character>) -> String {
        var masked = ""
        var word = ""
        func finished(_ word: String) -> String {
            word.lowercased().hasPrefix("password=") || word.lowercased().hasPrefix("sslpassword=")
                ? String(word.prefix { $0 != "=" }) + "=" + stars : word
        }
        for character in text {
            if separators.contains(character) {
                masked += finished(word) + String(character)
                word = ""
            } else {
                word.append(character)
            }
        }
        return masked + finished(word)
    }

    /// A name: its first character.
    static func name(_ text: String) -> String {
        text.isEmpty ? "" : text.prefix(1) + stars
    }

    /// A telephone number: its last two digits.
    static func phone(_ text: String) -> String {
        text.count <= 4 ? (text.isEmpty ? "" : stars) : stars + text.suffix(2)
    }

    /// Anything else: that there is something.
    static func all(_ text: String) -> String {
        text.isEmpty ? "" : stars
    }
}
