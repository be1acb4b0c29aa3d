import Foundation

/// A part of a page between two marks, which a command writes; the rest is written by people.
struct PagePart {
    private let name: String
    private let lines: [String]

    init(_ name: String, _ lines: [String]) {
        self.name = name
        self.lines = lines
    }

    /// Replaces the part, or adds it at the end.
    func write(to path: String) throws {
        let begin = "<!-- results of `orderflow-faults` (\(name)) begin -->"
        let end = "<!-- results of `orderflow-faults` (\(name)) end -->"
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "# Reliability\n"
        let all = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = Array(all.prefix { $0 != begin })
        let rest = Array(all.drop { $0 != end }.dropFirst())
        let page = head + [begin] + lines + [end] + (rest.isEmpty ? [""] : rest)
        try page.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
