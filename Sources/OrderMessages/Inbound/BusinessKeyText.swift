/// Writes business keys: `payment:alipay/tx1/captured/op1`.
enum BusinessKeyText {
    /// A key of its parts; `%` and `/` in a part are percent-encoded, so that no two lists of parts give one key.
    static func make(_ kind: String, _ parts: [String]) -> String {
        var buffer = ByteBuffer(capacity: 256)
        buffer.append(kind)
        var separator = UInt8(ascii: ":")
        for var part in parts {
            buffer.append(separator)
            separator = UInt8(ascii: "/")
            part.withUTF8 { bytes in
                for byte in bytes {
                    switch byte {
                    case UInt8(ascii: "/"): buffer.append("%2F")
                    case UInt8(ascii: "%"): buffer.append("%25")
                    default: buffer.append(byte)
                    }
                }
            }
        }
        return buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
