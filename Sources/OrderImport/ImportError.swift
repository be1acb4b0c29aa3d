/// Why a mapping or its files can't be used. What is wrong with single rows is no error: it stands among the refusals.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Code: String, Hashable, Sendable {
        /// The mapping file is not what the language says.
        case mapping
        /// An input has no file, or one that can't be read.
        case input
        /// The machine has no such time zone.
        case timeZone
    }

    /// What kind of mistake it is.
    public var code: Code
    /// The file that is meant.
    public var file: String
    /// Its line, from 1.
    public var line: Int?
    /// The key in the mapping.
    public var key: String?
    /// What is wrong, and what was expected.
    public var text: String

    /// Makes an error.
    public init(_ code: Code, file: String, line: Int? = nil, key: String? = nil, _ text: String) {
        self.code = code
        self.file = file
        self.line = line
        self.key = key
        self.text = text
    }

    /// `olist.yaml:12: inputs.orders.key: …`
    public var description: String {
        [line.map { "\(file):\($0)" } ?? file, key, text].compactMap { $0 }.joined(separator: ": ")
    }
}
