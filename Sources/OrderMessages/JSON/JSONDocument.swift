/// A body that was read as JSON: a flat list of its values, each knowing where it stands and where the next begins.
///
/// Members of an object follow it as key, value, key, value …; elements of a list follow it one by one.
struct JSONDocument {
    /// The index of a value in `tokens`.
    typealias Node = Int

    /// What a value is.
    enum Kind: UInt8 {
        case object
        case list
        case string
        case integer
        /// With a fraction or an exponent.
        case decimal
        case yes
        case no
        case null
    }

    /// A value.
    struct Token {
        var kind: Kind
        /// A string with escapes in it.
        var isEscaped = false
        /// Its first byte; of a string the first behind the quote.
        var start: UInt32
        /// Behind its last byte; of a string the closing quote.
        var end: UInt32
        /// The node behind it and all that is in it.
        var next: UInt32
    }

    /// The whole body, checked to be UTF-8.
    let bytes: [UInt8]
    /// The values, in the order of the text.
    var tokens: [Token]
    /// The first string with `\u0000` or half a surrogate pair in it: it has no meaning, but the rest can be read.
    var unreadable: Node?
    /// The value that paths start from: `data` of an envelope, else the whole body.
    var root: Node = 0

    /// Reads a body.
    init(_ body: [UInt8]) throws(JSONSyntaxError) {
        bytes = body
        var parser = JSONParser(expecting: body.count)
        let error = body.withUnsafeBufferPointer { parser.parse($0) }
        if let error { throw error }
        tokens = parser.tokens
        unreadable = parser.unreadable
    }

    /// The bytes of a value.
    func slice(_ node: Node) -> ArraySlice<UInt8> {
        bytes[Int(tokens[node].start)..<Int(tokens[node].end)]
    }

    /// The bytes of a value, for the time of the call.
    @inline(__always)
    func withBytes<Result>(of node: Node, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let token = tokens[node]
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(token.start)..<Int(token.end)]))
        }
    }

    /// The text of a string, or `nil` where it holds `\u0000` or half a surrogate pair.
    func string(_ node: Node) -> String? {
        if !tokens[node].isEscaped {
            // The whole body was checked to be UTF-8 before.
            return withBytes(of: node) { String(copying: UTF8Span(unchecked: Span(_unsafeElements: $0))) }
        }
        return JSONEscapes.decode(slice(node)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value of a member, or `nil` where it is absent or null; twice is an error.
    func member(_ name: StaticString, in object: Node) throws(FieldProblem) -> Node? {
        let found = find(name, in: object)
        if found.isTwice { throw problem(name, in: object, "is given twice") }
        guard found.value != 0, tokens[found.value].kind != .null else { return nil }
        return found.value
    }

    /// Looks through all keys of an object: the inner loop of decoding. 0 where there is none.
    private func find(_ name: StaticString, in object: Node) -> (value: Node, isTwice: Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            tokens.withUnsafeBufferPointer { tokens in
                let end = Int(tokens[object].next)
                let length = name.utf8CodeUnitCount
                var found = (value: 0, isTwice: false)
                var key = object + 1
                while key < end {
                    let token = tokens[key]
                    let isKey: Bool
                    if token.isEscaped {
                        isKey = string(key) == name.description
                    } else if Int(token.end - token.start) == length {
                        var index = 0
                        while index < length, bytes[Int(token.start) + index] == name.utf8Start[index] { index += 1 }
                        isKey = index == length
                    } else {
                        isKey = false
                    }
                    if isKey { found = (key + 1, found.value != 0) }
                    key = Int(tokens[key + 1].next)
                }
                return found
            }
        }
    }

    /// The elements of a list.
    func elements(of list: Node) -> [Node] {
        var nodes: [Node] = []
        var node = list + 1
        while node < Int(tokens[list].next) {
            nodes.append(node)
            node = Int(tokens[node].next)
        }
        return nodes
    }

    /// The members of an object, as nodes of key and value.
    func members(of object: Node) -> [(key: Node, value: Node)] {
        var nodes: [(key: Node, value: Node)] = []
        var key = object + 1
        while key < Int(tokens[object].next) {
            nodes.append((key, key + 1))
            key = Int(tokens[key + 1].next)
        }
        return nodes
    }

    /// Where a value stands, as people write it: `lines[2].sku`. Empty for the root.
    func path(of node: Node) -> String {
        var path = ""
        var container = root
        guard node > root, node < Int(tokens[root].next) else { return path }
        while container != node {
            switch tokens[container].kind {
            case .object:
                guard let member = members(of: container).last(where: { $0.key <= node }) else { return path }
                path += (path.isEmpty ? "" : ".") + (string(member.key) ?? "?")
                if member.key == node { return path }
                container = member.value
            case .list:
                let elements = elements(of: container)
                guard let index = elements.lastIndex(where: { $0 <= node }) else { return path }
                path += "[\(index)]"
                container = elements[index]
            default:
                return path
            }
        }
        return path
    }
}
