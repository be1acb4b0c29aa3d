import Postgres
import TestServers
import Testing

@Suite("Published rules")
struct RuleVersionTests {
    private static let first = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 500000}}, then: {hold: high_value}}
        """
    private static let second = """
        rules:
          - {name: high, phase: review, when: {amounts.payable: {atLeast: 300000}}, then: {hold: high_value}}
          - {name: usual, phase: carrier, then: {carrier: sf}}
        """

    @Test("are published, listed, shown, compared and taken back, by people who say what for")
    func versions() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let program = installation.program
            let unasked = try installation.publish(Self.first, yes: false)
            #expect(unasked.status == 2 && unasked.messages.contains("add --yes"), "\(unasked.summary)")
            let published = try installation.publish(Self.first)
            #expect(published.messages.contains("version 1 is published"), "\(published.summary)")
            #expect(try installation.publish(Self.second).messages.contains("version 2 is published"))

            let listed = try program.run("rules", "list")
            #expect(listed.output.split(separator: "\n").count == 3, "\(listed.summary)")
            let shown = try program.run("rules", "show", "1")
            #expect(shown.output == "# rules.yaml\n\(Self.first)\n", "\(shown.summary)")
            let brief = try program.run("rules", "show", "--brief")
            #expect(brief.output.contains("amounts.payable at least 300000"), "\(brief.summary)")
            let compared = try program.run("rules", "diff", "1", "2")
            #expect(
                compared.output.hasPrefix("~ review high\n+ carrier usual\n\nrules.yaml\n-2:"), "\(compared.summary)")

            let back = try program.run("rules", "rollback", "1", "--by", "ann", "--note", "too strict", "--yes")
            #expect(back.messages.contains("version 3 is published"), "\(back.summary)")
            #expect(try program.run("rules", "diff", "1", "3").output == "they are the same\n")
            #expect(try program.run("rules", "show", "9").status == 1)
        }
    }

    @Test("are never published with a mistake, a failing example, or a warehouse that nobody knows")
    func refused() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let program = installation.program
            try installation.connect().execute(
                "INSERT INTO warehouses (code, revision, is_active, priority) VALUES ('WH1', 1, true, 1)")
            let mistake = try installation.publish(Self.first.replacing("payable", with: "paable"))
            #expect(mistake.status == 1 && mistake.output.contains("did you mean"), "\(mistake.summary)")
            let example = """

                examples:
                  - {name: small, given: {amounts: {payableMinor: 100}}, expect: {review: [high]}}
                """
            let failing = try installation.publish(Self.first + example)
            #expect(failing.status == 1 && failing.messages.contains("nothing is published"), "\(failing.summary)")
            let stranger = "rules: [{name: x, phase: source, then: {source: {steps: [{warehouses: [WH2]}]}}}]"
            let unknown = try installation.publish(stranger)
            #expect(unknown.status == 1 && unknown.output.contains("WH2"), "\(unknown.summary)")
            #expect(try program.run("rules", "list").messages.contains("no rules were ever published"))
        }
    }
}

extension Installation {
    /// Publishes rules from a folder of their own.
    fileprivate func publish(_ rules: String, yes: Bool = true) throws -> Program.Result {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write("rules.yaml", rules)
        let arguments = ["rules", "publish", folder.path(""), "--by", "ann", "--note", "a test"]
        return try program.run(arguments + (yes ? ["--yes"] : []))
    }
}
