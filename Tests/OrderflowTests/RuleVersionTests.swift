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
            try installation.migrate()
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

    @Test("of two that publish at once only one does: the other hears who did, and what to look at")
    func race() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            #expect(try installation.publish(Self.first).status == 0)
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("file.yaml", Self.second)
            // Bo is about to publish: what Ann has checked meanwhile was made from version 1.
            let bo = try installation.connect()
            try bo.execute("BEGIN; LOCK TABLE rule_versions IN SHARE ROW EXCLUSIVE MODE")
            let run = try Folder()
            defer { run.remove() }
            let arguments = ["rules", "publish", folder.path(""), "--by", "ann", "--note", "mine", "--yes"]
            let ann = try installation.program.start(arguments, in: run)
            try waitUntil("ann waits for bo") {
                try bo.query("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'rule_versions'::regclass")
                    .only().int64(0) == 1
            }
            try bo.execute(
                """
                INSERT INTO rule_versions (version, published_by, note) VALUES (2, 'bo', 'blocked areas');
                INSERT INTO rule_files (version, name, text) VALUES (2, 'rules.yaml', 'rules: []');
                COMMIT
                """)
            #expect(ann.wait() == 1)
            let told = run.read("messages")
            #expect(told.contains("bo published version 2 (blocked areas)"), "\(told)")
            #expect(told.contains("orderflow rules diff 1 2"), "\(told)")
            #expect(
                try installation.program.run("rules", "list", "-o", "json").output.contains(#""version":3"#) == false)
        }
    }

    @Test("follow the version that they were made from, or are not published")
    func expected() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            let none = try installation.publish(Self.first, "--expect", "1")
            #expect(none.status == 1 && none.messages.contains("there is no version 1 yet"), "\(none.summary)")
            #expect(try installation.publish(Self.first, "--expect", "0").status == 0)
            #expect(try installation.publish(Self.second, "--expect", "1").status == 0)
            let late = try installation.publish(Self.first, "--expect", "1")
            #expect(late.status == 1 && late.messages.contains("ann published version 2 (a test)"), "\(late.summary)")
            let back = try installation.program.run(
                "rules", "rollback", "1", "--by", "bo", "--note", "x", "--yes", "--expect", "1")
            #expect(back.status == 1 && back.messages.contains("orderflow rules diff 1 2"), "\(back.summary)")
        }
    }

    @Test("are taken back only as they could be published: mistakes and codes that nobody knows are told, examples run")
    func rollback() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            let connection = try installation.connect()
            let stored = [
                "rules: [{name: x, phase: teleport, then: {beam: up}}]",
                "rules: [{name: x, phase: source, then: {source: {steps: [{warehouses: [WH2]}]}}}]",
                Self.first
                    + "\nexamples:\n  - {name: e, phase: review, given: {amounts: {payableMinor: 5}}, expect: high}\n",
            ]
            for (place, text) in stored.enumerated() {
                _ = try connection.query(
                    "INSERT INTO rule_versions (version, published_by, note) VALUES ($1, 'ann', 'a test')",
                    [.int8(Int64(place + 1))])
                _ = try connection.query(
                    "INSERT INTO rule_files (version, name, text) VALUES ($1, 'rules.yaml', $2)",
                    [.int8(Int64(place + 1)), .text(text)])
            }
            try connection.execute(
                "INSERT INTO warehouses (code, revision, is_active, priority) VALUES ('WH1', 1, true, 1)")
            for (version, mistake) in [("1", "teleport"), ("2", "WH2"), ("3", "review: expected high")] {
                let back = try installation.program.run(
                    "rules", "rollback", version, "--by", "ann", "--note", "x", "--yes")
                #expect(back.status == 1 && back.output.contains("v\(version)/rules.yaml:"), "\(back.summary)")
                #expect(back.output.contains(mistake), "\(back.summary)")
            }
            #expect(try installation.program.run("rules", "rollback", "9", "--by", "a", "--note", "x").status == 1)
        }
    }

    @Test("that this program can't read are never shown as if they had no rules")
    func unreadable() async throws {
        try await Installation.use { installation in
            try installation.migrate()
            #expect(try installation.publish(Self.first).status == 0)
            try installation.connect().execute(
                """
                INSERT INTO rule_versions (version, published_by, note) VALUES (2, 'ann', 'by a newer program');
                INSERT INTO rule_files (version, name, text)
                    VALUES (2, 'rules.yaml', 'rules: [{name: x, phase: teleport, then: {beam: up}}]');
                """)
            for command in [["show", "--brief"], ["diff", "1", "2"], ["diff", "2", "1"]] {
                let result = try installation.program.run(["rules"] + command)
                #expect(result.status == 1 && result.output.isEmpty, "\(result.summary)")
                #expect(result.messages.contains("version 2 can't be read: rules.yaml:1:"), "\(result.summary)")
            }
            #expect(try installation.program.run("rules", "show", "2").output.contains("teleport"))
        }
    }

    @Test("are never published with a mistake, a failing example, or a warehouse that nobody knows")
    func refused() async throws {
        try await Installation.use { installation in
            try installation.migrate()
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
    fileprivate func publish(_ rules: String, _ more: String..., yes: Bool = true) throws -> Program.Result {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write("rules.yaml", rules)
        let arguments = ["rules", "publish", folder.path(""), "--by", "ann", "--note", "a test"]
        return try program.run(arguments + (yes ? ["--yes"] : []) + more)
    }
}
