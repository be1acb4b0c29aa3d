internal import AMQP
internal import Crypto

/// The digest of a body that is too large to be kept.
struct SHA256Digest: BodyDigest {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    mutating func finish() -> [UInt8] { Array(hash.finalize()) }
}
