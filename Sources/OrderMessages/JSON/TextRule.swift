/// What a text may be. Lengths count bytes of UTF-8.
struct TextRule: Sendable {
    /// Most bytes.
    var longest: Int
    /// Its value is never quoted.
    var isPersonal = false
    /// Line breaks and other control characters may stand in it.
    var isFree = false
    /// A `/` may stand in it.
    var allowsSlash = true

    /// A code of a gateway, warehouse, carrier: 64 bytes.
    static let code = TextRule(longest: 64)
    /// A code that order numbers begin with: no `/`.
    static let seller = TextRule(longest: 64, allowsSlash: false)
    /// A SKU: 100 bytes.
    static let sku = TextRule(longest: 100)
    /// A number or reference that somebody made: 200 bytes.
    static let identifier = TextRule(longest: 200)
    /// A remark, a reason: 2,000 bytes; people write anything into it.
    static let free = TextRule(longest: 2_000, isPersonal: true, isFree: true)
    /// A field of an address: 500 bytes.
    static let personal = TextRule(longest: 500, isPersonal: true, isFree: true)

    /// What a value that follows the rule is, for people.
    var expectation: String { "a text of at most \(longest) bytes" }

    /// What a text breaks of the rule.
    func breach(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { breach($0) }
    }

    /// What a text breaks of the rule.
    func breach(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        if bytes.count > longest { return "expected \(expectation), got \(bytes.count)" }
        if isFree { return nil }
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F { return "expected a text without control characters" }
            if byte == UInt8(ascii: "/"), !allowsSlash { return "expected a code without `/`" }
        }
        return nil
    }
}
