internal import Crypto
public import OrderCore

/// Hashes decoded content: the same values in the same order of fields have the same hash, however they were written.
struct ContentHasher: ~Copyable {
    private var buffer = ByteBuffer(capacity: 1_024)

    /// Begins with what the values are of.
    init(_ type: String) {
        add(type)
    }

    /// Adds a text, with its length, so that neighbours can't run into each other.
    mutating func add(_ text: String?) {
        guard let text else { return buffer.append(0) }
        buffer.append(1)
        buffer.append(bitsOf: UInt64(text.utf8.count))
        buffer.append(text)
    }

    /// Adds a number.
    mutating func add(_ number: Int64?) {
        guard let number else { return buffer.append(0) }
        buffer.append(2)
        buffer.append(bitsOf: UInt64(bitPattern: number))
    }

    /// Adds a time.
    mutating func add(_ time: Timestamp?) {
        add(time?.microseconds)
    }

    /// Adds `true` or `false`.
    mutating func add(_ flag: Bool) {
        buffer.append(flag ? 4 : 3)
    }

    /// The hash of all that was added.
    consuming func finish() -> ContentHash {
        buffer.withBytes { ContentHash(sha256Of: $0) }
    }
}

extension ContentHash {
    /// The first half of the SHA-256 of some bytes.
    public init(sha256Of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { ContentHash(sha256Of: $0) }
    }

    fileprivate init(sha256Of bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        self = hash.finalize().withUnsafeBytes { digest in
            ContentHash(
                high: UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
