internal import Logging
internal import OrderCore
internal import OrderRules
internal import OrderStore
internal import Synchronization

/// The rules that a lane works by: the newest version that was published; those of files where none ever was.
struct LaneRules {
    /// Ready to be asked; it changes between two batches only.
    private(set) var book: RuleBook
    /// The newest that was met; nil until the lane has looked once.
    private var version: Int64?

    /// Begins with the rules of files.
    init(_ files: RuleSet?) {
        book = RuleBook(files ?? RuleSet(label: "none"))
    }

    /// Takes up what has been published meanwhile. What can't be read, which nothing that was checked by the same program can
    /// be, changes nothing. A lane that begins has none to go on with: it takes the newest version that it can read, as those
    /// that run do.
    ///
    /// - Returns: whether the rules are others now.
    /// - Throws: where versions are published and a lane that begins can read none of them.
    mutating func follow(_ store: Store, _ log: Logger) throws(StoreError) -> Bool {
        let newest = store.rulesVersion
        guard newest != version else { return false }
        let versions = version == nil ? (0..<newest).reversed().map { $0 + 1 } : [newest]
        for candidate in versions {
            guard let set = try read(candidate, store, log) else { continue }
            version = newest
            book = RuleBook(set)
            log.notice("new rules", metadata: ["version": "\(set.label)", "rules": "\(set.rules.count)"])
            return true
        }
        if version == nil, newest > 0 {
            throw .misuse(
                "none of \(newest) published versions of the rules can be read: publish one that this program knows")
        }
        version = newest
        return false
    }

    private func read(_ version: Int64, _ store: Store, _ log: Logger) throws(StoreError) -> RuleSet? {
        let reading = RuleReading(RuleFiles(texts: try store.ruleFiles(of: version)), label: "v\(version)")
        if reading.set == nil {
            log.error(
                "published rules can't be read: the lane goes on with those before",
                metadata: [
                    "version": "\(version)", "first": "\(reading.findings.first.map(String.init(describing:)) ?? "")",
                ])
        }
        return reading.set
    }
}

/// The receivers that rules name, as the helper threads see them that dial.
final class NamedReceivers: Sendable {
    private let state: Mutex<Set<String>>

    init(_ names: Set<String>) { state = Mutex(names) }

    var names: Set<String> { state.withLock { $0 } }

    /// Takes others; true where one is among them that was not.
    func replace(_ names: Set<String>) -> Bool {
        state.withLock { known in
            defer { known = names }
            return !names.isSubset(of: known)
        }
    }
}
