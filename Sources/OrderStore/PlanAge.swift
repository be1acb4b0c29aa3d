internal import OrderCore
internal import Postgres

/// When a session's statements are to be planned anew.
///
/// A plan is made for tables as large as they are at that moment, and stays until they are analysed. One made over an empty
/// table may go through all that has come since. So plans are made again after 1, 2, 4 s and so on, later each minute: what a
/// table has grown to is seen in its file.
struct PlanAge {
    static let discard = Statement("discard plans", "DISCARD PLANS")

    private static let first: Int64 = 1_000_000
    private static let longest: Int64 = 60_000_000

    private var madeAt: Timestamp?
    private var lasts = first

    /// Whether plans are to be made again; if so they count as made now. A clock that was set back begins anew.
    mutating func isOver(at now: Timestamp?) -> Bool {
        guard let now else { return false }
        guard let madeAt, now >= madeAt else {
            madeAt = now
            return false
        }
        guard now.microseconds - madeAt.microseconds >= lasts else { return false }
        self.madeAt = now
        lasts = min(lasts * 2, Self.longest)
        return true
    }
}
