internal import Logging
internal import OrderCore
internal import OrderRules
internal import OrderStore
internal import Synchronization

/// The rules that a lane works by: the newest version that was published; those of files where none ever was.
struct LaneRules {
    /// Ready to be asked; it changes between two batches only.
    private(set) var book: RuleBook
    private var version: Int64 = 0

    /// Begins with the rules of files.
    init(_ files: RuleSet?) {
        book = RuleBook(files ?? RuleSet(label: "none"))
    }

    /// Takes up what has been published meanwhile. What can't be read, which nothing that was checked can be, changes nothing.
    ///
    /// - Returns: whether the rules are others now.
    mutating func follow(_ store: Store, _ log: Logger) throws(StoreError) -> Bool {
        let newest = store.rulesVersion
        guard newest != version else { return false }
        let reading = RuleReading(RuleFiles(texts: try store.ruleFiles(of: newest)), label: "v\(newest)")
        version = newest
        guard let set = reading.set else {
            log.error(
                "published rules can't be read: the lane goes on with those it has",
                metadata: [
                    "version": "\(newest)", "first": "\(reading.findings.first.map(String.init(describing:)) ?? "")",
                ])
            return false
        }
        book = RuleBook(set)
        log.notice("new rules", metadata: ["version": "\(set.label)", "rules": "\(set.rules.count)"])
        return true
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
