/// A JSON text in the making; members keep their order.
indirect enum JSONTree {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([JSONTree])
    case object([(String, JSONTree)])

    static func texts(_ texts: [String]) -> JSONTree { .list(texts.map { .text($0) }) }

    /// Indented by two spaces; lists of plain values stand on one line.
    func written(indent: String = "") -> String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let elements):
            guard elements.contains(where: \.isNested) else {
                return "[" + elements.map { $0.written() }.joined(separator: ", ") + "]"
            }
            let lines = elements.map { indent + "  " + $0.written(indent: indent + "  ") }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { "\(indent)  \(Self.quoted($0.0)): " + $0.1.written(indent: indent + "  ") }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private var isNested: Bool {
        switch self {
        case .list, .object: true
        case .text, .number, .flag: false
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
