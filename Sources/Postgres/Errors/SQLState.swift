/// A five-character SQLSTATE, as PostgreSQL's appendix A lists them.
public struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The five characters, for example `40P01`.
    public let rawValue: String

    /// Wraps the five characters; they are not checked against the list.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Wraps a literal such as `"40001"`.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    /// The class: the first two characters, for example `40`.
    public var errorClass: Substring {
        rawValue.prefix(2)
    }

    /// The five characters.
    public var description: String {
        rawValue
    }

    /// A unique key exists already.
    public static let uniqueViolation: SQLState = "23505"
    /// A check constraint failed, or (without a constraint name) a row found no partition.
    public static let checkViolation: SQLState = "23514"
    /// A lock did not come within `lock_timeout`.
    public static let lockNotAvailable: SQLState = "55P03"
    /// The statement was cancelled, by request or by `statement_timeout`.
    public static let queryCanceled: SQLState = "57014"
    /// Two transactions waited for each other and this one was chosen to fail.
    public static let deadlockDetected: SQLState = "40P01"
    /// A string holds a byte sequence that the encoding doesn't allow, such as a NUL.
    public static let characterNotInRepertoire: SQLState = "22021"
    /// A number doesn't fit its type.
    public static let numericValueOutOfRange: SQLState = "22003"
    /// A value is larger than the protocol carries.
    public static let programLimitExceeded: SQLState = "54000"
}
