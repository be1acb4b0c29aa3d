/// Reads the flat JSON objects that this module writes: strings to integers, or to strings.
struct JSONObject {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    /// The integers of an object, or nil where it holds anything else.
    static func counts(_ bytes: UnsafeRawBufferPointer) -> [String: Int64]? {
        var reader = JSONObject(bytes)
        return reader.object { $0.integer() }
    }

    /// The strings of an object, or nil where it holds anything else.
    static func texts(_ bytes: UnsafeRawBufferPointer) -> [String: String]? {
        var reader = JSONObject(bytes)
        return reader.object { $0.string() }
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private mutating func object<Value>(_ value: (inout JSONObject) -> Value?) -> [String: Value]? {
        var result: [String: Value] = [:]
        guard take(UInt8(ascii: "{")) else { return nil }
        if take(UInt8(ascii: "}")) { return result }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")), let value = value(&self) else { return nil }
            result[key] = value
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? result : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func integer() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        let start = index
        var value: Int64 = 0
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.subtractingReportingOverflow(Int64(bytes[index] - UInt8(ascii: "0")))
            if overflow || overflow2 { return nil }
            value = sum
            index += 1
        }
        guard index > start, isNegative || value != .min else { return nil }
        return isNegative ? value : -value
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "\"") {
            index += 1
            return String(decoding: bytes[start..<index - 1], as: UTF8.self)
        }
        return escapedString(from: start)
    }

    /// `jsonb` gives escapes only where JSON needs them; surrogate pairs have become characters.
    private mutating func escapedString(from start: Int) -> String? {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), index < bytes.count else {
                text.append(byte)
                continue
            }
            let escape = bytes[index]
            index += 1
            switch escape {
            case UInt8(ascii: "n"): text.append(10)
            case UInt8(ascii: "t"): text.append(9)
            case UInt8(ascii: "r"): text.append(13)
            case UInt8(ascii: "b"): text.append(8)
            case UInt8(ascii: "f"): text.append(12)
            case UInt8(ascii: "u"):
                guard index + 4 <= bytes.count,
                    let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16),
                    let scalar = Unicode.Scalar(code)
                else { return nil }
                index += 4
                text.append(contentsOf: String(Character(scalar)).utf8)
            default: text.append(escape)
            }
        }
        return nil
    }
}
