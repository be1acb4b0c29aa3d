/// Finds the name that was probably meant.
enum Suggestion {
    /// ` (did you mean "order_id"?)`, or what there is.
    static func text(for name: String, among known: [String]) -> String {
        let close = known.map { ($0, distance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
        if let close, close.1 <= max(1, name.count / 3) { return "did you mean \"\(close.0)\"?" }
        return "there are: \(known.sorted().joined(separator: ", "))"
    }

    /// Letters to change, add or leave out (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let cost = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(cost, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
