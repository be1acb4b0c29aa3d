internal import OrderImport

/// Every input row, with what became of it.
struct RowAccount {
    /// What became of rows, as the table tells it.
    private struct Line: Hashable {
        var input: String
        var fate: String
        var reason: String
    }

    private var counts: [Line: Int] = [:]
    /// Inputs whose rows do not add up.
    private(set) var faults: [String] = []

    init(_ importing: ImportRun, _ sent: SentMessages, _ facts: ImportFacts) {
        var worst: [ImportMessage.Row: (rank: Int, line: Line)] = [:]
        for entry in sent.entries {
            let (rank, fate, reason) = Self.judge(entry, facts)
            let sources = entry.sources.filter { importing.accounts(for: $0, message: entry.name) }
            for row in entry.subjects + sources {
                if let known = worst[row], known.rank >= rank { continue }
                let line = Line(input: importing.input(ofFile: row.file), fate: fate, reason: reason)
                worst[row] = (rank, line)
            }
        }
        for (_, found) in worst { counts[found.line, default: 0] += 1 }
        // A row that gave no message at all; what else was wrong with one is told by its messages.
        for refusal in importing.refusals where refusal.kind == .row {
            counts[Line(input: refusal.input, fate: "not read", reason: refusal.reason), default: 0] += 1
        }
        for unused in importing.unusedRows() {
            counts[Line(input: unused.input, fate: "not sent", reason: unused.reason), default: 0] += 1
        }
        for input in importing.inputs {
            let accounted = counts.filter { $0.key.input == input.name }.values.reduce(0, +)
            if accounted != input.records {
                faults.append("\(input.name): \(input.records) rows, but \(accounted) are accounted for")
            }
            let lost = counts.filter { $0.key.input == input.name && $0.key.fate == "not received" }
                .values.reduce(0, +)
            if lost > 0 { faults.append("\(input.name): \(lost) rows were not taken by a worker") }
        }
    }

    var listing: Listing {
        var listing = Listing(["input", "fate", "reason", "rows"])
        let sorted = counts.sorted {
            ($0.key.input, $1.value, $0.key.fate, $0.key.reason) < (
                $1.key.input, $0.value, $1.key.fate, $1.key.reason
            )
        }
        for (line, count) in sorted {
            listing.add([.text(line.input), .text(line.fate), .text(line.reason), .integer(Int64(count))])
        }
        return listing
    }

    /// Applied, or applied to an order that is held, or not applied: the higher the rank, the more there is to see to.
    private static func judge(
        _ entry: SentMessages.Entry, _ facts: ImportFacts
    ) -> (rank: Int, fate: String, reason: String) {
        let fate = facts.fate(of: entry.key)
        switch fate.outcome {
        case .applied:
            let holds = entry.orderNumber.flatMap { facts.orders[$0] }?.holds ?? []
            return holds.isEmpty ? (0, "applied", "") : (1, "held", holds.joined(separator: ", "))
        case .parked: return (2, "parked", "\(entry.type) \(fate.kindOfReason)")
        case .refused: return (3, "refused", "\(entry.type): \(fate.reason)")
        case .conflict: return (4, "conflict", "\(entry.type): \(fate.reason)")
        case .dead: return (5, "dead", "\(entry.type): \(fate.reason)")
        case .notReceived: return (6, "not received", "\(entry.type): \(fate.reason)")
        }
    }
}
