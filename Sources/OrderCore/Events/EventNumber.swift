/// The number of an event for its subject and receiver, as it is kept in one integer: the epoch stands in the upper part, so
/// that what belongs to an earlier epoch comes first everywhere, and counting goes on from 1 by itself in a new one.
///
/// In the first epoch it is the plain number.
public struct EventNumber: Hashable, Sendable {
    /// Grows when the database is set back to an earlier state.
    public let epoch: Int64
    /// Counts from 1 within the epoch, without a gap; 0 where nothing is counted.
    public let sequence: Int64

    /// The epochs there can be.
    public static let epochs: ClosedRange<Int64> = 1...1_000_000

    /// The lower bits of a kept number, which are the sequence.
    public static let sequenceBits: Int64 = 40

    /// The number that has this place in an epoch.
    public init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Takes a kept number apart.
    public init(stored: Int64) {
        epoch = stored >> Self.sequenceBits + 1
        sequence = stored & (1 << Self.sequenceBits - 1)
    }

    /// As it is kept.
    public var stored: Int64 { (epoch - 1) << Self.sequenceBits + min(sequence, 1 << Self.sequenceBits - 1) }

    /// The kept number that comes after this one in an epoch: the first where this one is of an earlier epoch.
    public static func next(after stored: Int64, in epoch: Int64) -> Int64 {
        max(stored, (epoch - 1) << sequenceBits) + 1
    }
}
