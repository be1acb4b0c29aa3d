/// What a receiver keeps so as to miss nothing: for each subject the number that must come next.
public struct ReceiverBooks: Sendable {
    /// Events heard for the first time.
    public private(set) var heard = 0
    /// Heard again: allowed, and dropped.
    public private(set) var repeats = 0
    /// A number that came before the one that was due: never allowed.
    public private(set) var gaps = 0
    /// The first few of them, as sentences.
    public private(set) var gapExamples: [String] = []
    /// Without a number: alerts.
    public private(set) var alerts = 0

    private var next: [String: Int64] = [:]
    private var seenAlerts: Set<String> = []

    /// Books an event; false where it was heard before.
    mutating func book(id: String, subject: String?, sequence: String?) -> Bool {
        guard let subject, let number = sequence.flatMap({ Int64($0) }) else {
            guard seenAlerts.insert(id).inserted else {
                repeats += 1
                return false
            }
            alerts += 1
            heard += 1
            return true
        }
        let due = next[subject, default: 1]
        guard number >= due else {
            repeats += 1
            return false
        }
        if number > due {
            gaps += 1
            if gapExamples.count < 5 { gapExamples.append("\(subject): number \(number) came when \(due) was due") }
        }
        next[subject] = number + 1
        heard += 1
        return true
    }
}
