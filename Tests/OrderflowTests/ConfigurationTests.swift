import TestServers
import Testing

@Suite("The configuration")
struct ConfigurationTests {
    /// `config check` on this file.
    private func check(_ yaml: String, environment: [String: String] = [:]) async throws -> Program.Result {
        try await onThread {
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("file.yaml", yaml)
            return try Program(environment: environment).run("config", "check", "--config", folder.path("file.yaml"))
        }
    }

    @Test(
        "a mistake in the file is told with its place and how to mend it",
        arguments: [
            (
                "instance: main\nworker:\n  lane: 4\n",
                "file.yaml:3:3: unknown key worker.lane: did you mean worker.lanes?"
            ),
            ("lanes: 4\n", "file.yaml:1:1: unknown key lanes: did you mean worker.lanes?"),
            ("colour: red\n", "file.yaml:1:1: unknown key colour: `orderflow config template` lists all keys"),
            (
                "worker:\n  batchMessages: many\n",
                "file.yaml:2:18: worker.batchMessages: expected a whole number from 1 to 2000, got \"many\""
            ),
            (
                "worker: {lanes: 65}\n",
                "file.yaml:1:17: worker.lanes: expected a whole number from 0 to 64, got \"65\""
            ),
            ("worker: 3\n", "file.yaml:1:9: expected keys under worker, got \"3\""),
            ("log:\n  level: inof\n", "file.yaml:2:10: log.level: expected one of"),
            ("log:\n  level: inof\n", "did you mean info?"),
            (
                "security:\n  staff:\n    alice: [finanse]\n",
                "file.yaml:3:5: security.staff: alice: finanse is none of"
            ),
            (
                "security:\n  receivers:\n    bridge: [epr]\n",
                "file.yaml:3:5: security.receivers: bridge: epr is none of wms, erp, finance, payments, partner, storefront, ops"
            ),
            (
                "amqp:\n  caFile: /nowhere.pem\n",
                "file.yaml:2:11: amqp.caFile: expected the path of a file that can be read, got \"/nowhere.pem\""
            ),
            ("amqp:\n  url: http://broker\n", "file.yaml:2:8: amqp.url:"),
            ("postgres:\n  url: 'nonsense'\n", "file.yaml:2:8: postgres.url: the connection string is not"),
            ("instance: a b\n", "file.yaml:1:11: instance: expected a name without spaces, dots or slashes"),
            ("instance: [\n", "not YAML"), ("log: {}\nlog: {}\n", "given twice: log"),
            ("- a\n", "file.yaml:1:1: expected keys with values"),
        ])
    func mistakes(_ yaml: String, _ sentence: String) async throws {
        let result = try await check(yaml)
        #expect(result.status == 2)
        #expect(result.messages.contains(sentence), "\(result.messages)")
    }

    @Test(
        "a span, a bound or a size of nothing or less is a mistake, told with the range",
        arguments: [
            ("retention.logDays", "1 to 3650"), ("retention.inboxDays", "1 to 3650"),
            ("worker.drainSeconds", "1 to 600"),
            ("worker.batchMessages", "1 to 2000"), ("worker.batchBytes", "1024 to 16777216"),
            ("bounds.outboxRows", "1000 to 100000000"), ("bounds.setAsideRows", "1000 to 100000000"),
            ("bounds.deadMessages", "1000 to 100000000"),
        ])
    func tooSmall(_ key: String, _ range: String) async throws {
        for value in ["0", "-1"] {
            let result = try await onThread { try Program().run("config", "check", "--set", "\(key)=\(value)") }
            #expect(result.status == 2)
            #expect(
                result.messages.contains(
                    "--set \(key): \(key): expected a whole number from \(range), got \"\(value)\""),
                "\(result.messages)")
        }
    }

    @Test(
        "an option that counts rows, seconds or versions is at least 1",
        arguments: [
            "hold list --limit 0", "stock show --limit=-1", "audit --patience 0", "order rebuild --sample 0",
            "dead list --limit 0", "order cancel shop/1 --by a --reason r --timeout 0",
            "order cancel shop/1 --by a --reason r --expected-version 0",
            "order refund shop/1 --by a --reason r --amount 0",
        ])
    func tooSmallOption(_ words: String) async throws {
        let result = try await onThread { try Program().run(words.split(separator: " ").map(String.init)) }
        #expect(result.status == 2 && result.messages.contains("must be at least 1"), "\(result.summary)")
    }

    @Test("every mistake is told at once")
    func allAtOnce() async throws {
        let result = try await check("lanes: 1\nworker:\n  lanes: x\nlog:\n  format: xml\n")
        #expect(result.messages.split(separator: "\n").count == 3)
    }

    @Test("an empty file, one of comments, and keys without a value leave the defaults")
    func empty() async throws {
        for yaml in ["", "# nothing\n", "worker:\n", "worker:\n  lanes:\n"] {
            #expect(try await check(yaml).status == 0)
        }
    }

    @Test("a file that is not there is a mistake")
    func missingFile() async throws {
        let result = try await onThread { try Program().run("config", "check", "--config", "/nowhere.yaml") }
        #expect(result.status == 2)
        #expect(result.messages.contains("/nowhere.yaml: No such file or directory"))
    }

    @Test("variables stand over the file, flags over both, and show tells where each value is from")
    func precedence() async throws {
        let result = try await onThread {
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("file.yaml", "worker:\n  lanes: 2\n  batchMessages: 10\nlog:\n  level: error\n")
            return try Program(environment: [
                "ORDERFLOW_WORKER_BATCH_MESSAGES": "20", "ORDERFLOW_LOG_LEVEL": "debug",
                "ORDERFLOW_CONFIG": folder.path("file.yaml"),
            ]).run("config", "show", "--set", "log.level=trace", "-o", "json")
        }
        #expect(result.status == 0)
        #expect(result.output.contains(#"{"key":"log.level","value":"trace","origin":"--set log.level"}"#))
        #expect(
            result.output.contains(
                #""key":"worker.batchMessages","value":"20","origin":"ORDERFLOW_WORKER_BATCH_MESSAGES""#))
        #expect(result.output.contains("file.yaml:2:10"))
        #expect(result.output.contains(#"{"key":"log.format","value":"text","origin":"default"}"#))
    }

    @Test("a mistake in a variable or a flag names it")
    func otherOrigins() async throws {
        let variable = try await check("", environment: ["ORDERFLOW_WORKER_LANES": "-1"])
        #expect(variable.messages.hasPrefix("ORDERFLOW_WORKER_LANES: worker.lanes: expected a whole number"))
        let flag = try await onThread { try Program().run("config", "check", "--set", "worker.lans=1") }
        #expect(flag.status == 2)
        #expect(flag.messages.contains("--set worker.lans: unknown key worker.lans: did you mean worker.lanes?"))
    }

    @Test("secrets come from files and variables, and are never shown")
    func secrets() async throws {
        let result = try await onThread {
            let folder = try Folder()
            defer { folder.remove() }
            try folder.write("secret", "hunter2\n")
            return try Program(environment: [
                "ORDERFLOW_POSTGRES_URL": "postgresql://me:hunter2@db/orders?password=hunter2",
                "ORDERFLOW_AMQP_URL": "amqp://me@broker/%2F", "ORDERFLOW_AMQP_PASSWORD_FILE": folder.path("secret"),
                "ORDERFLOW_POSTGRES_PASSWORD": "hunter2", "ORDERFLOW_MANAGEMENT_URL": "http://me:hunter2@broker:15672",
            ]).run("config", "show")
        }
        #expect(result.status == 0, "\(result.summary)")
        #expect(!result.output.contains("hunter2") && !result.messages.contains("hunter2"))
        #expect(result.output.contains("postgresql://me:***@db/orders?password=***"))
    }

    @Test("a secret and a file for it, both in one place, contradict each other")
    func twoSecrets() async throws {
        let result = try await check(
            "", environment: ["ORDERFLOW_AMQP_PASSWORD": "a", "ORDERFLOW_AMQP_PASSWORD_FILE": "/dev/null"])
        #expect(result.status == 2)
        #expect(result.messages.contains("amqp.password and amqp.passwordFile are both given"))
    }

    @Test("config/orderflow.yaml and the table in docs/operations.md are made from the same table")
    func documents() async throws {
        let root = String(
            #filePath.prefix(
                upTo: #filePath.firstRange(of: "/Tests/OrderflowTests")?.lowerBound ?? #filePath.startIndex))
        let template = try await onThread { try Program().run("config", "template").output }
        let table = try await onThread { try Program().run("config", "template", "--markdown").output }
        #expect(Folder.read(file: root + "/config/orderflow.yaml") == template, "`orderflow config template` makes it")
        #expect(
            Folder.read(file: root + "/docs/operations.md")?.contains(table) == true,
            "`orderflow config template --markdown` makes the table")
        #expect(try await check(template).status == 0)
    }
}
