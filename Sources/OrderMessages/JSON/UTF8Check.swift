/// Whether a body is UTF-8, checked once, so that nothing behind it has to.
enum UTF8Check {
    /// What is wrong with a body, if anything.
    static func problem(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONSyntaxError? {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        // Most bodies are ASCII for long stretches: eight bytes at a time.
        while index + 8 <= raw.count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        do {
            _ = try UTF8Span(validating: Span(_unsafeElements: UnsafeBufferPointer(rebasing: bytes[index...])))
            return nil
        } catch {
            let offset = index + error.byteOffsets.lowerBound
            return JSONSyntaxError(code: .notUTF8, offset: offset, text: "byte \(offset) is not UTF-8")
        }
    }
}
