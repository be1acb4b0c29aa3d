internal import OrderImport

/// What an import did, for its end.
struct ImportSummary {
    private let mapping: String
    private let records: [ImportRun.InputSummary]
    private var names: [String] = []
    private var made: [String: Int] = [:]
    private var counts = ImportSender.Counts()
    private var notTaken = 0
    private(set) var refusals: [Refusal] = []

    init(_ importing: ImportRun) {
        mapping = importing.mapping.name
        records = importing.inputs
    }

    /// Something of the export is not on its way.
    var isFaulty: Bool { !refusals.isEmpty }

    mutating func made(_ message: ImportMessage) {
        if made[message.name] == nil { names.append(message.name) }
        made[message.name, default: 0] += 1
    }

    mutating func settled(_ counts: ImportSender.Counts) { self.counts = counts }

    /// Messages that the broker did not take.
    mutating func add(_ notTaken: [Refusal]) {
        self.notTaken = notTaken.count
        refusals += notTaken
    }

    /// All messages are made.
    mutating func end(_ importing: ImportRun) {
        refusals = importing.refusals + importing.unusedRows() + refusals
    }

    func text(isDry: Bool, report: String?) -> String {
        var table = Listing(["message", "made"])
        for name in names { table.add([.text(name), .integer(Int64(made[name] ?? 0))]) }
        let rows = records.reduce(0) { $0 + $1.records }
        var lines = [table.table, "", "\(mapping): \(rows) rows of \(records.count) inputs"]
        let total = made.values.reduce(0, +)
        if isDry {
            lines.append("\(total) messages made, none sent")
        } else {
            var sent = "\(total) messages made, \(counts.confirmed) sent and confirmed"
            if counts.skipped > 0 { sent += ", \(counts.skipped) by an earlier run" }
            if notTaken > 0 { sent += ", \(notTaken) not taken by the broker" }
            lines.append(sent)
        }
        lines += refusalLines(report)
        return lines.joined(separator: "\n")
    }

    private func refusalLines(_ report: String?) -> [String] {
        guard !refusals.isEmpty else { return ["every row is in a message"] }
        let shown = refusals.prefix(report == nil ? 20 : 5).map { refusal in
            let place = refusal.file.isEmpty ? "" : "\(refusal.file):\(refusal.line): "
            return "  \(place)\(refusal.message.map { $0 + ": " } ?? "")\(refusal.reason)"
        }
        let left = refusals.count - shown.count
        let rest =
            left > 0
            ? ["  … and \(left) more (\(report.map { "in \($0)" } ?? "--report FILE has all"))"] : []
        return ["\(refusals.count) rows or messages not on their way:"] + shown + rest
    }
}
