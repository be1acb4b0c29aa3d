/// What is wrong, or doubtful, in a rule file: where it stands, and what was meant.
public struct RuleFinding: Hashable, Sendable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The rules can't be used.
        case error
        /// The rules can be used, and probably don't say what was meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// Where it stands.
    public var place: RulePlace
    /// The keys that lead there: `rules[high-value].when`.
    public var path: String
    /// What is wrong, and what was meant.
    public var text: String

    /// Makes a finding.
    public init(_ severity: Severity, _ place: RulePlace, path: String, _ text: String) {
        self.severity = severity
        self.place = place
        self.path = path
        self.text = text
    }

    /// As compilers write it, so that editors find the place: `review.yaml:12:7: error: rules[high-value].when: …`
    public var description: String {
        ["\(place)", severity.rawValue, path, text].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

/// A place in a rule file.
public struct RulePlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The file's name.
    public var file: String
    /// Counted from 1.
    public var line: Int
    /// Counted from 1, in Unicode scalars.
    public var column: Int

    /// Makes a place.
    public init(_ file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// In the order in which people read.
    public static func < (left: RulePlace, right: RulePlace) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }

    /// `review.yaml:12:7`
    public var description: String { "\(file):\(line):\(column)" }
}
