/// The nearest of some names to one that is not among them, for "did you mean".
public enum Spelling {
    /// The known name that is near enough to be meant; nil where none is.
    public static func nearest(to name: String, among known: [String]) -> String? {
        let candidates = known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, name.count / 3) ? best.name : nil
    }

    /// How many characters have to be put in, taken out, replaced or swapped with their neighbour.
    public static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var rows = [Array(0...right.count)]
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replaced = rows[row][column] + (left[row] == right[column] ? 0 : 1)
                var least = min(rows[row][column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, rows[row - 1][column - 1] + 1)
                }
                current.append(least)
            }
            rows.append(current)
        }
        return rows[left.count][right.count]
    }
}

extension Spelling {
    /// "unknown field `reciever.city`; did you mean `receiver.city`?"
    static func unknown(_ what: String, _ name: String, among known: [String]) -> String {
        let text = "unknown \(what) `\(name)`"
        if let meant = nearest(to: name, among: known) { return text + "; did you mean `\(meant)`?" }
        guard !known.isEmpty, known.count <= 16 else { return text }
        return text + "; there are: " + known.map { "`\($0)`" }.joined(separator: ", ")
    }
}
