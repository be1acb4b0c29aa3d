/// What an audit came to, in the four counters that the trade knows.
public struct Verdict: Sendable {
    /// Said or committed, and not there.
    public private(set) var lost = 0
    /// There more than once, or with more than one effect.
    public private(set) var duplicated = 0
    /// There, and nobody said it; or other than it was said.
    public private(set) var unexpected = 0
    /// Came more than once, or went out more than once, and had one effect all the same.
    public internal(set) var recovered = 0
    /// Messages that were said, each once.
    public internal(set) var messages = 0
    /// Events that were heard, each once.
    public internal(set) var events = 0
    /// The first of each kind of finding, as sentences.
    public private(set) var findings: [String] = []

    /// No promise was broken.
    public var isClean: Bool { lost == 0 && duplicated == 0 && unexpected == 0 }

    /// Nothing found so far.
    public init() {}

    enum Kind: String { case lost, duplicated, unexpected }

    mutating func find(_ kind: Kind, _ sentence: String) {
        switch kind {
        case .lost: lost += 1
        case .duplicated: duplicated += 1
        case .unexpected: unexpected += 1
        }
        // A thousand alike teach nothing that the first few do not.
        if lost + duplicated + unexpected <= 30 { findings.append("\(kind.rawValue): \(sentence)") }
    }

    /// What two counts that must agree say where they do not.
    mutating func compare(_ what: @autoclosure () -> String, there: Int64, said: Int64) {
        guard there != said else { return }
        find(there < said ? .lost : .duplicated, "\(what()): \(there), by the ledger \(said)")
    }

    /// Something that is counted outside, such as a program's own audit, was not as it must be.
    public mutating func addUnexpected(_ sentence: String) { find(.unexpected, sentence) }
}
