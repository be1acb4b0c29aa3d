import FoundationEssentials
import OrderCore
import Testing

@testable import OrderRules

@Suite("The schema for editors")
struct SchemaTests {
    @Test("docs/rules.schema.json is what `orderflow rules schema` prints")
    func isWritten() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let bytes = try #require(FileManager.default.contents(atPath: root + "/docs/rules.schema.json"))
        #expect(String(decoding: bytes, as: UTF8.self) == RuleSchema.text)
    }

    @Test("it knows every field, operator, action, phase and reason")
    func isWhole() {
        let words =
            OrderField.allCases.map(\.rawValue) + LineField.allCases.map(\.rawValue) + RuleOperator.keys
            + RuleActionKind.keys + RulePhase.keys + RuleTiming.keys + HistoryKey.keys
            + HoldReason.allCases.filter(\.isGivenByRules).map(\.rawValue)
        for word in words { #expect(RuleSchema.text.contains("\"\(word)\""), "\(word)") }
    }

    @Test("every reference in it has a definition")
    func references() {
        for part in RuleSchema.text.split(separator: "#/definitions/").dropFirst() {
            let name = part.prefix { $0 != "\"" }
            #expect(RuleSchema.text.contains("\"\(name)\": {"), "\(name)")
        }
    }
}
