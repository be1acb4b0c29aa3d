internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// Who publishes rules, and why.
struct PublishOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who publishes them.", valueName: "name"))
    var by: String

    @Option(help: "What for.")
    var note: String

    @Flag(help: "Don't ask.")
    var yes = false

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard !by.isEmpty, !note.isEmpty else { throw ValidationError("--by and --note must not be empty") }
    }

    /// Publishes files that were checked, once a person agrees.
    func publish(_ files: RuleFiles, restoring: Int64? = nil, _ versions: RuleVersions) throws {
        let next = (try versions.all().first?.version ?? 0) + 1
        if !yes { try Confirmation.require("publish these rules as version \(next)?") }
        let version = try versions.publish(files.texts, by: by, note: note, restoring: restoring)
        Console.message("version \(version) is published; workers take it up within two seconds")
    }
}

/// `orderflow rules publish`: a folder becomes the version that counts.
struct RulesPublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish a folder of rules as the next version; needs the role that migrates.",
        discussion: """
            The rules are checked first, against the warehouses that are known too, and their examples are run: with a single \
            mistake nothing is published, and the version that counts goes on counting.
            """)

    @OptionGroup var source: RulesFolder
    @OptionGroup var publishing: PublishOptions

    func run() throws {
        let connection = try publishing.options.load().connectDatabase()
        let reading = try source.read(known: try KnownCodes(Queries(connection: connection)))
        let trial = RuleTrial(reading)
        for difference in trial.differences { Console.data(source.shown(difference)) }
        guard trial.failed == 0 else {
            throw Failure(.findings, "\(trial.failed) of \(trial.count) examples fail: nothing is published")
        }
        try publishing.publish(reading.files, RuleVersions(connection: connection))
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
        commandName: "rollback", abstract: "Publish the files of an earlier version again, as the next version.")

    @Argument(help: "The version to return to.")
    var version: Int64

    @OptionGroup var publishing: PublishOptions

    func run() throws {
        let versions = RuleVersions(connection: try publishing.options.load().connectDatabase())
        let files = RuleFiles(texts: try versions.files(of: version))
        guard !files.texts.isEmpty else { throw Failure(.findings, "there is no version \(version)") }
        guard RuleReading(files).set != nil else {
            throw Failure(
                .findings, "version \(version) has mistakes by what this program knows: publish a folder instead")
        }
        try publishing.publish(files, restoring: version, versions)
    }
}
