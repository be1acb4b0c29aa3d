internal import Crypto

/// Name-based UUIDs (RFC 9562, version 5): the same name in the same namespace is the same id for ever.
enum UUIDv5 {
    /// The namespace of this project's event ids: `orderflow` in the URL namespace's place of names.
    static let namespace = bytes(namespace: urlNamespace, name: "https://orderflow.example/events")

    /// The namespace of URLs of RFC 9562.
    static let urlNamespace: [UInt8] = [
        0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
    ]

    /// The sixteen bytes of the id of a name.
    static func bytes(namespace: [UInt8], name: String) -> [UInt8] {
        var input = namespace
        input.append(contentsOf: name.utf8)
        var hash = Insecure.SHA1()
        input.withUnsafeBytes { hash.update(bufferPointer: $0) }
        var id = hash.finalize().withUnsafeBytes { [UInt8]($0.prefix(16)) }
        id[6] = id[6] & 0x0F | 0x50
        id[8] = id[8] & 0x3F | 0x80
        return id
    }

    /// The id of a name, as it is written.
    static func text(namespace: [UInt8] = namespace, name: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes(namespace: namespace, name: name).enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
