internal import ArgumentParser
internal import FoundationEssentials

/// `orderflow order edit-receiver`
struct OrderEditReceiverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit-receiver", abstract: "Set another receiver; a warehouse that has the order is asked.",
        discussion: """
            The receiver is JSON: {"name": "…", "phone": "…", "country": "…", "province": "…", "city": "…", \
            "district": "…", "address": "…", "postalCode": "…"}. It comes from a file, since arguments are seen by \
            everyone on the machine.
            """)

    @OptionGroup var order: OrderCommandOptions

    @Option(help: ArgumentHelp("A file with the receiver; - for the standard input.", valueName: "file"))
    var receiver: String

    func run() throws {
        let path = receiver == "-" ? "/dev/stdin" : receiver
        guard let text = TextFile.read(path) else { throw Failure(.usage, "\(path) can't be read, or is no UTF-8") }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), case .object = value else {
            throw Failure(.usage, "\(path): expected a JSON object")
        }
        try order.deliver("edit_receiver", [("receiver", text)])
    }
}
