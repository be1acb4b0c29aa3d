/// Writes values as JSON.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Value) {
        switch value {
        case .absent: append("null")
        case .text(let text): write(text)
        case .integer(let number): append(String(number))
        case .flag(let flag): append(flag ? "true" : "false")
        case .time(let moment): write(moment.text)
        case .list(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                write(value)
            }
            append("]")
        case .object(let members):
            append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { append(",") }
                write(member.name)
                append(":")
                write(member.value)
            }
            append("}")
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7F:
                let hex = String(byte, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
