internal import OrderImport

/// The rows that gave no message, for a file.
struct RefusalReport {
    var refusals: [Refusal]

    func write(to path: String) throws(Failure) {
        try FileText.replace(path, path.hasSuffix(".json") ? json : csv)
    }

    private static let columns = ["kind", "file", "line", "input", "message", "reason"]

    private func cells(_ refusal: Refusal) -> [Cell] {
        [
            .text(refusal.kind.rawValue), .text(refusal.file), .integer(Int64(refusal.line)),
            .text(refusal.input),
            .text(refusal.message), .text(refusal.reason),
        ]
    }

    private var json: String {
        Listing(Self.columns, rows: refusals.map(cells)).json + "\n"
    }

    private var csv: String {
        let lines = refusals.map { refusal in
            [
                refusal.kind.rawValue, refusal.file, String(refusal.line), refusal.input,
                refusal.message ?? "", refusal.reason,
            ]
        }
        return ([Self.columns] + lines).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    private func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
