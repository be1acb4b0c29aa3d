/// The escapes of JSON strings.
enum JSONEscapes {
    /// The value of a hexadecimal digit.
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// The bytes that a string of valid syntax stands for, or `nil` where it holds `\u0000`, which PostgreSQL can't
    /// store, or half a surrogate pair, which is no character.
    static func decode(_ text: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var bytes = text.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let escape = bytes.next() else { return nil }
            switch escape {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(&bytes), let encoded = UTF8.encode(scalar) else { return nil }
                result.append(contentsOf: encoded)
            default: result.append(escape)
            }
        }
        return result
    }

    private static func scalar(_ bytes: inout some IteratorProtocol<UInt8>) -> Unicode.Scalar? {
        guard let first = unit(&bytes), first != 0 else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard bytes.next() == UInt8(ascii: "\\"), bytes.next() == UInt8(ascii: "u"), let second = unit(&bytes),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func unit(_ bytes: inout some IteratorProtocol<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = bytes.next(), let digit = hexDigit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }
}
