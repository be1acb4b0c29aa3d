/// Makes JSON documents of all shapes from a seed, and damages them.
struct DocumentMaker {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func document() -> String {
        space() + value(depth: 0) + space()
    }

    /// Some bytes changed, left out, doubled or cut off.
    mutating func damaged(_ body: [UInt8]) -> [UInt8] {
        var body = body
        let pieces = Array("{}[]\",:\\/u0019eE+-.tfn \n\t\u{1}\u{7F}".utf8) + [0x80, 0xC3, 0xE4, 0xED, 0xF0, 0xFF]
        for _ in 0..<number(3) + 1 where !body.isEmpty {
            let index = number(body.count)
            switch number(5) {
            case 0: body.remove(at: index)
            case 1: body.insert(pieces[number(pieces.count)], at: index)
            case 2: body[index] = pieces[number(pieces.count)]
            case 3: body.removeSubrange(index...)
            default: body.insert(contentsOf: body[index..<min(body.count, index + 4)], at: index)
            }
        }
        return body
    }

    private mutating func number(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &generator)
    }

    private mutating func space() -> String {
        ["", "", "", " ", "\n", "\t \r\n"][number(6)]
    }

    private mutating func value(depth: Int) -> String {
        switch number(depth < 5 ? 9 : 6) {
        case 0: return ["true", "false", "null"][number(3)]
        case 1: return "\(Int64.random(in: .min ... .max, using: &generator))"
        case 2: return ["0", "-0", "-1", "7", "10", "1.5", "-0.25", "1e3", "1E-2", "2.5e+1", "123456.789"][number(11)]
        case 3...5: return text()
        case 6, 7:
            // Keys of one object differ: twice the same is where the two parsers may.
            let members = (0..<number(5)).map { index in
                "\(space())\"\(index)\(text().dropFirst())\(space()):\(space())\(value(depth: depth + 1))\(space())"
            }
            return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
        default:
            let elements = (0..<number(5)).map { _ in space() + value(depth: depth + 1) + space() }
            return "[\(elements.isEmpty ? space() : elements.joined(separator: ","))]"
        }
    }

    private mutating func text() -> String {
        let pieces = [
            "a", "Z", "0", " ", "/", "é", "世", "😀", "\u{7F}", "\u{2028}", "longer than eight bytes", "\\\"", "\\\\",
            "\\/",
            "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\u4E16", "\\ud83d\\ude00", "\\u001f",
        ]
        return "\"" + (0..<number(8)).map { _ in pieces[number(pieces.count)] }.joined() + "\""
    }
}
