internal import ArgumentParser
internal import OrderImport

/// `orderflow import`: an export of another system becomes messages.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read the files of an export by a mapping, and send what they say as messages.",
        subcommands: [ImportSendCommand.self, ImportReportCommand.self],
        defaultSubcommand: ImportSendCommand.self)
}

/// Which files, read how.
struct ImportSource: ParsableArguments {
    @Option(help: "The mapping file: how the files are read as messages.")
    var mapping: String

    @Argument(help: "The files of the export, or folders that hold them.")
    var paths: [String]

    /// Reads mapping and files.
    func open() throws -> ImportRun {
        do throws(ImportError) {
            return try ImportRun(try Mapping(path: mapping), paths: paths)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
