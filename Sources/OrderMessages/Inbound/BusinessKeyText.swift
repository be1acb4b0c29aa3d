/// Writes business keys: `payment:alipay/tx1/captured/op1`.
enum BusinessKeyText {
    /// A key of its parts; `%` and `/` in a part are percent-encoded, so that no two lists of parts give one key.
    static func make(_ kind: String, _ parts: [String]) -> String {
        kind + ":" + parts.map(escape).joined(separator: "/")
    }

    private static func escape(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }) else { return part }
        return part.reduce(into: "") { text, character in
            switch character {
            case "/": text += "%2F"
            case "%": text += "%25"
            default: text.append(character)
            }
        }
    }
}
