internal import Logging
internal import OrderCore
internal import OrderRules
internal import OrderStore

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
    mutating func follow(_ store: Store, _ log: Logger) throws(StoreError) {
        let newest = store.rulesVersion
        guard newest != version else { return }
        let reading = RuleReading(RuleFiles(texts: try store.ruleFiles(of: newest)), label: "v\(newest)")
        version = newest
        guard let set = reading.set else {
            log.error(
                "published rules can't be read: the lane goes on with those it has",
                metadata: [
                    "version": "\(newest)", "first": "\(reading.findings.first.map(String.init(describing:)) ?? "")",
                ])
            return
        }
        book = RuleBook(set)
        log.notice("new rules", metadata: ["version": "\(set.label)", "rules": "\(set.rules.count)"])
    }
}
