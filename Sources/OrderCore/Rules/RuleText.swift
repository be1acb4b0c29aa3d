/// How rules look for text in text, and how they write times.
public enum RuleText {
    /// Minutes since midnight as `08:30`.
    public static func timeOfDay(_ minutes: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// Whether one text is in another; Latin letters in any case.
    public static func contains(_ text: String, _ part: String) -> Bool {
        var (text, part) = (text, part)
        // Looked through where it stands: remarks are long, and many rules look for words in them.
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first.map(folded) else { return true }
                guard part.count <= text.count else { return false }
                return (0...(text.count - part.count)).contains { start in
                    guard folded(text[start]) == first else { return false }
                    return part.indices.allSatisfy { folded(text[start + $0]) == folded(part[$0]) }
                }
            }
        }
    }

    /// Whether a text looks like a pattern, in which `*` stands for any text and `?` for one character; Latin letters in any
    /// case.
    ///
    /// The greedy match of shell patterns: on a mismatch it goes back to the last `*` and lets it take one more character,
    /// so that no pattern costs more than text × pattern.
    public static func matches(_ text: String, _ pattern: String) -> Bool {
        // Characters are told apart only where one may stand for any: most patterns are looked for as `contains` looks.
        guard !pattern.utf8.contains(UInt8(ascii: "?")) else {
            return matches(Array(text), Array(pattern), star: "*") { $0 == "?" || isSame($0, $1) }
        }
        var (text, pattern) = (text, pattern)
        return text.withUTF8 { text in
            pattern.withUTF8 { pattern in
                matches(text, pattern, star: UInt8(ascii: "*")) { folded($0) == folded($1) }
            }
        }
    }

    @inline(__always)
    private static func matches<Text: RandomAccessCollection>(
        _ text: Text, _ pattern: Text, star any: Text.Element, _ isSame: (Text.Element, Text.Element) -> Bool
    ) -> Bool where Text.Element: Equatable, Text.Index == Int {
        var (at, of) = (0, 0)
        var (star, mark): (Int?, Int) = (nil, 0)
        while at < text.count {
            if of < pattern.count, pattern[of] == any {
                (star, mark) = (of, at)
                of += 1
            } else if of < pattern.count, isSame(pattern[of], text[at]) {
                (at, of) = (at + 1, of + 1)
            } else if let star {
                mark += 1
                (at, of) = (mark, star + 1)
            } else {
                return false
            }
        }
        return pattern[of...].allSatisfy { $0 == any }
    }

    private static func isSame(_ left: Character, _ right: Character) -> Bool {
        left == right || left.isASCII && right.isASCII && left.lowercased() == right.lowercased()
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
