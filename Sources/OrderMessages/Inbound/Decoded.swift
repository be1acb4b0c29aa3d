public import OrderCore

/// What a message turned out to be.
public struct Decoded: Sendable {
    /// The message's type with its version, as far as it could be read.
    public var type: String?
    /// What its envelope carries for the events that it causes.
    public var context: EnvelopeContext
    /// The message, or the parts of one that names several orders or stock lines; or why it is wrong for good.
    public var result: Result<[Message], DecodeFailure>
}

/// Why a message is wrong for good, with what could be read of it.
public struct DecodeFailure: Error, Hashable, Sendable {
    /// What is wrong, as a code of the documents.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The body is over 1 MiB.
        case tooLarge = "too_large"
        /// The body is no JSON.
        case notJSON = "not_json"
        /// The body is in another encoding.
        case notUTF8 = "not_utf8"
        /// Objects and lists are nested deeper than 32.
        case tooDeep = "too_deep"
        /// The envelope is of a kind or version that is not read here.
        case unsupportedEnvelope = "unsupported_envelope"
        /// Without id, source or type; nothing is invented.
        case missingIdentity = "missing_identity"
        /// A type that nobody knows.
        case unknownType = "unknown_type"
        /// A known type in an unknown version.
        case unknownVersion = "unknown_version"
        /// A type that does not belong into the queue.
        case wrongQueue = "wrong_queue"
        /// A field is not what the contract says.
        case malformed
    }

    /// What is wrong.
    public var code: Code
    /// Where in the data: `lines[2].quantity`.
    public var path: String?
    /// What was expected and found; no personal data.
    public var text: String
    /// Source and id, where both could be read.
    public var identity: MessageIdentity?
    /// The type, where it could be read.
    public var type: String?
    /// The order, where it could be read.
    public var orderNumber: String?
    /// Hash of the body as it came: knows a redelivery of a message without an id.
    public var bodyHash: ContentHash

    /// Path and text in one line.
    public var description: String { path.map { "\($0): \(text)" } ?? text }

    /// What dead messages are grouped by: the same mistake in another message has the same one.
    public var fingerprint: String {
        let place = (path ?? "").filter { !$0.isNumber }
        return [code.rawValue, type ?? "", place].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
