import TestServers
import Testing

@Suite("Rules by the command line")
struct RulesTests {
    private static let rules = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 500000}}, then: {hold: high_value}}

        """

    /// Runs a command on a folder that has this one file.
    private func run(_ command: String, _ text: String) async throws -> (Program.Result, file: String) {
        try await onThread { () throws in
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("file.yaml", text)
            return (try Program().run("rules", command, folder.path("")), folder.path("file.yaml"))
        }
    }

    @Test("rules that are fine are counted")
    func fine() async throws {
        let (result, _) = try await run("check", "lists: {}\n" + Self.rules)
        #expect(result.status == 0 && result.messages == "1 rule, 0 lists, 0 examples: fine\n", "\(result.summary)")
    }

    @Test("a mistake ends the check with 1, and is told with file, line and column")
    func mistakes() async throws {
        let text = Self.rules.replacing("amounts.payable", with: "amount.payable")
        for command in ["check", "test"] {
            let (result, file) = try await run(command, text)
            #expect(result.status == 1 && result.output.hasPrefix("\(file):2:40: error: "), "\(result.summary)")
            #expect(result.output.contains("did you mean `amounts.payable`?"), "\(result.summary)")
        }
    }

    @Test("a warning is told, and the rules are fine all the same")
    func warnings() async throws {
        let (result, file) = try await run("check", Self.rules + "lists: {unused: [A]}\n")
        #expect(result.status == 0 && result.output.hasPrefix("\(file):3:9: warning: "), "\(result.summary)")
        #expect(result.messages.hasSuffix("fine, with 1 warning\n"), "\(result.summary)")
    }

    @Test("examples are run, and end with 1 where one is not as expected")
    func examples() async throws {
        let example = "examples:\n  - {name: e, phase: review, given: {amounts: {payableMinor: 5}}, expect: []}\n"
        let (passed, _) = try await run("test", Self.rules + example)
        #expect(passed.status == 0 && passed.messages == "1 example: as expected\n", "\(passed.summary)")
        let (failed, file) = try await run("test", Self.rules + example.replacing("expect: []", with: "expect: high"))
        #expect(failed.status == 1 && failed.output.hasPrefix("\(file):4:75: error: "), "\(failed.summary)")
        #expect(failed.output.contains("review: expected high, matched: no rule"), "\(failed.summary)")
        #expect(failed.messages.contains("1 of 1 example not as expected"), "\(failed.summary)")
    }

    @Test("a folder without rules is wrong usage")
    func nothing() async throws {
        let result = try await onThread { () throws in try Program().run("rules", "check", "/nowhere") }
        #expect(result.status == 2 && result.messages.contains("/nowhere"), "\(result.summary)")
    }
}
