/// A row that gave no message, with the reason: it never stops the import.
public struct Refusal: Hashable, Sendable {
    /// What happened to the row.
    public enum Kind: String, Hashable, Sendable {
        /// The row itself can't be read.
        case row
        /// A message could not be made of it.
        case message
        /// No message took anything from it.
        case unused
    }

    /// What happened to the row.
    public var kind: Kind
    /// The file.
    public var file: String
    /// The line that the row begins in, from 1.
    public var line: Int
    /// The mapping's name of the input.
    public var input: String
    /// The mapping's name of the message.
    public var message: String?
    /// What was expected and found.
    public var reason: String

    /// Makes a refusal.
    public init(kind: Kind, file: String, line: Int, input: String, message: String?, reason: String) {
        self.kind = kind
        self.file = file
        self.line = line
        self.input = input
        self.message = message
        self.reason = reason
    }
}
