/// Reads a body once, front to back, into the tokens of a `JSONDocument`. RFC 8259, nothing more lenient.
struct JSONParser {
    /// Deepest nesting of objects and lists.
    static let deepest = 32

    private(set) var tokens: [JSONDocument.Token] = []
    private(set) var unreadable: JSONDocument.Node?
    private var position = 0
    private var depth = 0

    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Makes a parser for a body of so many bytes.
    init(expecting count: Int) {
        tokens.reserveCapacity(count / 8 + 8)
    }

    /// Reads the whole body, or says why not.
    mutating func parse(_ bytes: Bytes) -> JSONSyntaxError? {
        if let error = UTF8Check.problem(bytes) { return error }
        // A byte order mark says nothing in UTF-8; some editors write one.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        do throws(JSONSyntaxError) {
            skipSpace(bytes)
            try value(bytes)
            skipSpace(bytes)
            if position < bytes.count { throw wrong("nothing behind the JSON value", bytes) }
            return nil
        } catch {
            return error
        }
    }

    @inline(__always)
    private mutating func skipSpace(_ bytes: Bytes) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value(_ bytes: Bytes) throws(JSONSyntaxError) {
        guard position < bytes.count else { throw wrong("a value", bytes) }
        switch bytes[position] {
        case UInt8(ascii: "\""): try string(bytes)
        case UInt8(ascii: "{"): try object(bytes)
        case UInt8(ascii: "["): try list(bytes)
        case UInt8(ascii: "t"): try word("true", .yes, bytes)
        case UInt8(ascii: "f"): try word("false", .no, bytes)
        case UInt8(ascii: "n"): try word("null", .null, bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(bytes)
        default: throw wrong("a value", bytes)
        }
    }

    private mutating func object(_ bytes: Bytes) throws(JSONSyntaxError) {
        let node = try open(.object, bytes)
        skipSpace(bytes)
        if take("}", bytes) { return close(node) }
        while true {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw wrong("a key in quotes", bytes)
            }
            try string(bytes)
            skipSpace(bytes)
            guard take(":", bytes) else { throw wrong("`:`", bytes) }
            skipSpace(bytes)
            try value(bytes)
            skipSpace(bytes)
            if take("}", bytes) { return close(node) }
            guard take(",", bytes) else { throw wrong("`,` or `}`", bytes) }
            skipSpace(bytes)
        }
    }

    private mutating func list(_ bytes: Bytes) throws(JSONSyntaxError) {
        let node = try open(.list, bytes)
        skipSpace(bytes)
        if take("]", bytes) { return close(node) }
        while true {
            try value(bytes)
            skipSpace(bytes)
            if take("]", bytes) { return close(node) }
            guard take(",", bytes) else { throw wrong("`,` or `]`", bytes) }
            skipSpace(bytes)
        }
    }

    private mutating func open(_ kind: JSONDocument.Kind, _ bytes: Bytes) throws(JSONSyntaxError) -> Int {
        depth += 1
        if depth > Self.deepest {
            throw JSONSyntaxError(
                code: .tooDeep, offset: position, text: "nested deeper than \(Self.deepest) objects and lists")
        }
        tokens.append(.init(kind: kind, start: UInt32(position), end: 0, next: 0))
        position += 1
        return tokens.count - 1
    }

    private mutating func close(_ node: Int) {
        depth -= 1
        tokens[node].end = UInt32(position)
        tokens[node].next = UInt32(tokens.count)
    }

    @inline(__always)
    private mutating func take(_ wanted: Unicode.Scalar, _ bytes: Bytes) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    private mutating func word(
        _ word: StaticString, _ kind: JSONDocument.Kind, _ bytes: Bytes
    ) throws(JSONSyntaxError) {
        let end = position + word.utf8CodeUnitCount
        let isThere = word.withUTF8Buffer { wanted in
            end <= bytes.count && bytes[position..<end].elementsEqual(wanted)
        }
        guard isThere else { throw wrong("a value", bytes) }
        append(kind, from: position, to: end)
        position = end
    }

    @inline(__always)
    private mutating func append(
        _ kind: JSONDocument.Kind, isEscaped: Bool = false, from start: Int, to end: Int
    ) {
        tokens.append(
            .init(
                kind: kind, isEscaped: isEscaped, start: UInt32(start), end: UInt32(end),
                next: UInt32(tokens.count + 1)))
    }

    /// What was expected where the parser stands; of what is there only its first character is told.
    private func wrong(_ expected: String, _ bytes: Bytes) -> JSONSyntaxError {
        let found: String
        if position >= bytes.count {
            found = "the end of the body"
        } else if (0x21...0x7E).contains(bytes[position]) {
            found = "`\(Unicode.Scalar(bytes[position]))`"
        } else {
            found = "byte \(bytes[position])"
        }
        return JSONSyntaxError(
            code: .notJSON, offset: position, text: "expected \(expected) at byte \(position), found \(found)")
    }
}

extension JSONParser {
    private mutating func string(_ bytes: Bytes) throws(JSONSyntaxError) {
        position += 1
        let start = position
        var isEscaped = false
        while true {
            position = Self.endOfPlainText(bytes, from: position)
            guard position < bytes.count else { throw wrong("a closing quote", bytes) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                append(.string, isEscaped: isEscaped, from: start, to: position)
                position += 1
                if isEscaped, unreadable == nil, JSONEscapes.decode(bytes[start..<position - 1]) == nil {
                    unreadable = tokens.count - 1
                }
                return
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape(bytes)
            default:
                throw wrong("control characters to be escaped in texts", bytes)
            }
        }
    }

    /// Where the next quote, backslash or control character stands: eight bytes at a time while there is none.
    @inline(__always)
    private static func endOfPlainText(_ bytes: Bytes, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var position = start
        while position + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let quotes = (quote &- ones) & ~quote
            let backslashes = (backslash &- ones) & ~backslash
            let controls = (word &- ones &* 0x20) & ~word
            // A borrow can only mark bytes behind a true one: the lowest mark is exact.
            let marks = (quotes | backslashes | controls) & highs
            if marks != 0 { return position + marks.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < raw.count {
            let byte = raw[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return position }
            position += 1
        }
        return position
    }

    private mutating func escape(_ bytes: Bytes) throws(JSONSyntaxError) {
        position += 1
        guard position < bytes.count else { throw wrong("an escape", bytes) }
        switch bytes[position] {
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard position < bytes.count, JSONEscapes.hexDigit(bytes[position]) != nil else {
                    throw wrong("four hexadecimal digits", bytes)
                }
                position += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default:
            throw wrong("an escape", bytes)
        }
    }

    private mutating func number(_ bytes: Bytes) throws(JSONSyntaxError) {
        let start = position
        var kind = JSONDocument.Kind.integer
        _ = take("-", bytes)
        if !take("0", bytes) { try digits(bytes) }
        if take(".", bytes) {
            kind = .decimal
            try digits(bytes)
        }
        if take("e", bytes) || take("E", bytes) {
            kind = .decimal
            if !take("+", bytes) { _ = take("-", bytes) }
            try digits(bytes)
        }
        append(kind, from: start, to: position)
    }

    @inline(__always)
    private mutating func digits(_ bytes: Bytes) throws(JSONSyntaxError) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
        if position == start { throw wrong("a digit", bytes) }
    }
}
