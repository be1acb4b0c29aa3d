import FoundationEssentials
import OrderCore
import Testing

@testable import OrderRules

@Suite("The page about rules, and the rules that ship")
struct DocumentTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    @Test("config/rules is read without findings, has rules of each phase, and of each that is on an example")
    func shipped() throws {
        let files = try RuleFiles(folder: Self.root + "/config/rules")
        let reading = RuleReading(files, known: KnownCodes(warehouses: ["east", "south", "north"]))
        #expect(reading.findings == [])
        #expect(RuleReading(files).findings == [])
        let set = try #require(reading.set)
        let trial = RuleTrial(reading)
        #expect(trial.differences == [])
        #expect(set.rules.count >= 40 && trial.count >= 40)
        let rules = set.rules.filter(\.isEnabled)
        #expect(Set(rules.map(\.phase)) == Set(RulePhase.allCases))
        let shown = Set(reading.examples.flatMap(\.expectations).flatMap { $0.rules ?? [] })
        #expect(rules.map(\.name).filter { !shown.contains($0) } == [])
    }

    @Test("every snippet of docs/rules.md is read without findings, and its examples are as expected")
    func snippets() throws {
        let lists = try RuleFiles(folder: Self.root + "/config/rules").texts.filter { $0.key.hasSuffix(".txt") }
        let found = Snippet.all(in: try Self.page())
        #expect(found.count >= 7)
        for snippet in found {
            let reading = read(snippet.file, beside: lists)
            #expect(reading.findings == [], "docs/rules.md:\(snippet.line)")
            #expect(RuleTrial(reading).differences == [], "docs/rules.md:\(snippet.line)")
        }
    }

    @Test("docs/rules.md names every phase, action, operator, field and time, and every reason that rules may give")
    func isWhole() throws {
        let page = try Self.page()
        let reasons = HoldReason.allCases.filter(\.isGivenByRules).map(\.rawValue)
        let fields = OrderField.allCases.map(\.rawValue) + LineField.allCases.map(\.rawValue) + HistoryKey.keys
        let words = RulePhase.keys + RuleActionKind.keys + RuleOperator.keys + RuleTiming.keys + fields + reasons
        for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
    }

    private static func page() throws -> String {
        let bytes = try #require(FileManager.default.contents(atPath: root + "/docs/rules.md"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A block of YAML on the page.
private struct Snippet {
    /// Where it begins.
    var line: Int
    var text = ""

    /// As a file: what begins with `when:` is the condition of a review rule, what begins with `-` stands under `rules`.
    var file: String {
        if text.hasPrefix("when:") {
            let head = "rules:\n  - name: snippet\n    phase: review\n    then: {hold: manual}\n"
            return "zone: \"+08:00\"\n" + head + indented(by: "    ")
        }
        return text.hasPrefix("-") ? "zone: \"+08:00\"\nrules:\n" + indented(by: "  ") : text
    }

    private func indented(by spaces: String) -> String {
        text.split(separator: "\n").map { spaces + $0 }.joined(separator: "\n")
    }

    static func all(in page: String) -> [Snippet] {
        var found: [Snippet] = []
        var open: Snippet?
        for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let snippet = open, line == "```" {
                found.append(snippet)
                open = nil
            } else if open != nil {
                open?.text += String(line) + "\n"
            } else if line == "```yaml" {
                open = Snippet(line: index + 2)
            }
        }
        return found
    }
}
