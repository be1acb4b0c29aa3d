internal import OrderCore

/// Writes JSON bytes, member by member, in the order of the calls. What is `nil` is left out.
struct JSONWriter: ~Copyable {
    private var buffer: ByteBuffer
    private var needsComma = false

    /// Makes a writer with room for so many bytes.
    init(capacity: Int) {
        buffer = ByteBuffer(capacity: capacity)
    }

    /// What was written.
    var bytes: [UInt8] { buffer.bytes }

    /// Writes an object: as a member, or as the whole or an element where there is no key.
    mutating func object(_ key: StaticString? = nil, _ body: (inout JSONWriter) -> Void) {
        open(key, UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes a list with an object for each element.
    mutating func list<Element>(
        _ key: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        open(key, UInt8(ascii: "["))
        for element in elements {
            open(nil, UInt8(ascii: "{"))
            body(&self, element)
            close(UInt8(ascii: "}"))
        }
        close(UInt8(ascii: "]"))
    }

    /// Writes a text.
    mutating func write(_ key: StaticString, _ text: String?) {
        guard var text else { return }
        self.key(key)
        buffer.append(UInt8(ascii: "\""))
        text.withUTF8 { escape($0) }
        buffer.append(UInt8(ascii: "\""))
    }

    /// Writes an integer.
    mutating func write(_ key: StaticString, _ number: Int64?) {
        guard let number else { return }
        self.key(key)
        buffer.append(decimal: number)
    }

    /// Writes a time.
    mutating func write(_ key: StaticString, _ time: Timestamp?) {
        guard let time else { return }
        self.key(key)
        buffer.append(UInt8(ascii: "\""))
        RFC3339.write(time, to: &buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    /// Writes `true` or `false`.
    mutating func write(_ key: StaticString, _ flag: Bool) {
        self.key(key)
        if flag { buffer.append("true") } else { buffer.append("false") }
    }

    /// Writes a value that is JSON already.
    mutating func write(_ key: StaticString, json: [UInt8]) {
        self.key(key)
        json.withUnsafeBufferPointer { buffer.append($0) }
    }

    private mutating func open(_ key: StaticString?, _ bracket: UInt8) {
        if let key { self.key(key) } else if needsComma { buffer.append(UInt8(ascii: ",")) }
        buffer.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.append(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func key(_ key: StaticString) {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
        buffer.append(UInt8(ascii: "\""))
        buffer.append(key)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(UInt8(ascii: ":"))
    }

    /// Copies the stretches that need no escape whole.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                index += 1
                continue
            }
            buffer.append(UnsafeBufferPointer(rebasing: text[start..<index]))
            escape(byte)
            index += 1
            start = index
        }
        buffer.append(start == 0 ? text : UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func escape(_ byte: UInt8) {
        buffer.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer.append(byte)
        case 0x0A: buffer.append(UInt8(ascii: "n"))
        case 0x0D: buffer.append(UInt8(ascii: "r"))
        case 0x09: buffer.append(UInt8(ascii: "t"))
        default:
            buffer.append("u00")
            buffer.append(Self.hexDigit(byte >> 4))
            buffer.append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
