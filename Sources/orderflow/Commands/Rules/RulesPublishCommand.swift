internal import ArgumentParser
internal import OrderCore
internal import OrderMessages
internal import OrderRules
internal import OrderStore
internal import Postgres

/// Who publishes rules, why, and after which version.
struct PublishOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who publishes them.", valueName: "name"))
    var by: String

    @Option(help: "What for.")
    var note: String

    @Option(
        help: ArgumentHelp(
            "The version that the rules were made from, 0 for none: publish nothing where another one counts by now.",
            valueName: "version"))
    var expect: Int64?

    @Flag(help: "Don't ask.")
    var yes = false

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard !by.isEmpty, !note.isEmpty else { throw ValidationError("--by and --note must not be empty") }
    }

    /// Looks at which version counts: what others publish from then on is not passed over.
    func begin() throws -> Publishing {
        let connection = try options.load().connectDatabase()
        let newest = try RuleVersions(connection: connection).all().first
        let publishing = Publishing(
            options: self, connection: connection, newest: newest, known: expect ?? newest?.version ?? 0)
        try publishing.requireExpected()
        return publishing
    }
}

/// Rules on their way to be a version.
struct Publishing {
    let options: PublishOptions
    let connection: PostgresConnection
    /// The version that counted when the command began.
    let newest: RuleVersion?
    /// The version that the rules are meant to follow.
    let known: Int64

    private var versions: RuleVersions { RuleVersions(connection: connection) }

    /// What this program and the database know is checked, and the examples are run.
    ///
    /// - Parameter folder: What stands before the files in findings.
    func check(_ files: RuleFiles, in folder: String) throws {
        let reading = RuleReading(
            files, known: try KnownCodes(Queries(connection: connection)),
            now: Timestamp(microseconds: WallClock.microseconds))
        try reading.show(in: folder)
        let trial = RuleTrial(reading)
        for difference in trial.differences { Console.data(difference.shown(in: folder)) }
        guard trial.failed == 0 else {
            throw Failure(.findings, "\(trial.failed) of \(trial.count) examples fail: nothing is published")
        }
    }

    /// Publishes files that were checked, once a person agrees.
    func publish(_ files: RuleFiles, restoring: Int64? = nil) throws {
        if !options.yes {
            let after = newest.map { ", after version \($0.version) by \($0.publishedBy) (\($0.note))" } ?? ""
            try Confirmation.require("publish these rules as version \(known + 1)\(after)?")
        }
        let publication = try versions.publish(
            files.texts, by: options.by, note: options.note, restoring: restoring, after: known)
        switch publication {
        case .published(let version):
            Console.message("version \(version) is published; workers take it up within two seconds")
        case .overtaken(let later): throw overtaken(by: later)
        }
    }

    fileprivate func requireExpected() throws {
        guard known != newest?.version ?? 0 else { return }
        throw overtaken(by: try versions.all().filter { $0.version > known })
    }

    private func overtaken(by later: [RuleVersion]) -> Failure {
        guard let newest = later.first else { return Failure(.findings, "there is no version \(known) yet") }
        let told = later.reversed().map { "\($0.publishedBy) published version \($0.version) (\($0.note))" }
        let look = known == 0 ? "rules show \(newest.version)" : "rules diff \(known) \(newest.version)"
        return Failure(
            .findings,
            "nothing is published: \(told.joined(separator: ", ")) since; see `orderflow \(look)`, and take it in")
    }
}

/// `orderflow rules publish`: a folder becomes the version that counts.
struct RulesPublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish a folder of rules as the next version; needs the role that migrates.",
        discussion: """
            The rules are checked first, against the warehouses that are known too, and their examples are run: with a single \
            mistake nothing is published, and the version that counts goes on counting. So it does where somebody else \
            publishes meanwhile.
            """)

    @OptionGroup var source: RulesFolder
    @OptionGroup var options: PublishOptions

    func run() throws {
        let publishing = try options.begin()
        let files = try source.files()
        try publishing.check(files, in: source.folder)
        try publishing.publish(files)
    }
}

extension KnownCodes {
    /// What a database knows.
    init(_ queries: Queries) throws {
        self.init(places: try queries.warehouses(), sellers: try queries.sellerCodes())
    }
}

/// `orderflow rules rollback`: an earlier version counts again.
struct RulesRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Publish the files of an earlier version again, as the next version.",
        discussion: "They are checked as those of a folder are: a warehouse that they name may have gone since.")

    @Argument(help: "The version to return to.")
    var version: Int64

    @OptionGroup var options: PublishOptions

    func run() throws {
        let publishing = try options.begin()
        let (version, files) = try RuleVersions(connection: publishing.connection).chosen(version)
        try publishing.check(files, in: "v\(version)")
        try publishing.publish(files, restoring: version)
    }
}
