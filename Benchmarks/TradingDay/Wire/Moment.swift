internal import FoundationEssentials

/// A time as the systems outside write it: whole seconds, UTC.
public struct Moment: Sendable, Hashable, Comparable {
    /// Seconds since 1970.
    public var seconds: Int64

    /// A time.
    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// RFC 3339.
    public var text: String { Date(timeIntervalSince1970: Double(seconds)).ISO8601Format() }

    /// So much later.
    public func adding(_ seconds: Int64) -> Moment { Moment(seconds: self.seconds + seconds) }

    /// The earlier comes first.
    public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }
}
