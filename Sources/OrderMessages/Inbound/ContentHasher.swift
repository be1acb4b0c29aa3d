internal import Crypto
public import OrderCore

/// Hashes decoded content: the same values in the same order of fields have the same hash, however they were written.
struct ContentHasher {
    private var bytes: [UInt8] = []

    /// Begins with what the values are of.
    init(_ type: String) {
        bytes.reserveCapacity(768)
        add(type)
    }

    /// Adds a text, with its length, so that neighbours can't run into each other.
    mutating func add(_ text: String?) {
        guard var text else { return bytes.append(0) }
        bytes.append(1)
        text.withUTF8 { utf8 in
            add(bitsOf: UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    /// Adds a number.
    mutating func add(_ number: Int64?) {
        guard let number else { return bytes.append(0) }
        bytes.append(2)
        add(bitsOf: UInt64(bitPattern: number))
    }

    /// Adds a time.
    mutating func add(_ time: Timestamp?) {
        add(time?.microseconds)
    }

    /// Adds `true` or `false`.
    mutating func add(_ flag: Bool) {
        bytes.append(flag ? 4 : 3)
    }

    private mutating func add(bitsOf value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The hash of all that was added.
    consuming func finish() -> ContentHash {
        ContentHash(sha256Of: bytes)
    }
}

extension ContentHash {
    /// The first half of the SHA-256 of some bytes.
    public init(sha256Of bytes: [UInt8]) {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        self = hash.finalize().withUnsafeBytes { digest in
            ContentHash(
                high: UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
