internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// The order that a staff command is about, or many of them.
struct OrderCommandOptions: ParsableArguments {
    @Argument(help: "The order's number: code/number. Without it, --list or --filter says which orders.")
    var number: String?

    @Option(help: ArgumentHelp("Refuse it unless the order is at this version.", valueName: "version"))
    var expectedVersion: Int64?

    @OptionGroup(title: "Many orders") var many: OrderChoice

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard expectedVersion ?? 1 > 0 else { throw ValidationError("--expected-version must be at least 1") }
        guard (number != nil) != many.isGiven else {
            throw ValidationError("give an order's number, or --list, or --filter")
        }
        guard !many.isGiven || expectedVersion == nil else {
            throw ValidationError("of many orders each is expected as the preview has seen it: no --expected-version")
        }
    }

    func deliver(_ command: String, _ more: [(name: String, json: String)] = []) throws {
        guard let number else { return try BulkCommand(name: command, members: more, many: many, staff: staff).run() }
        let version = expectedVersion.map { [(name: "expectedVersion", json: String($0))] } ?? []
        do {
            try staff.deliver(command, order: number, version + more)
        } catch let failure as Failure where failure.status == .findings {
            guard let expectedVersion else { throw failure }
            let difference = try difference(of: number, since: expectedVersion)
            throw Failure(.findings, failure.description + difference)
        }
    }

    /// What has happened to the order since the version that was expected, a line each.
    private func difference(of number: String, since version: Int64) throws -> String {
        try staff.options.queries().changes(of: number, since: version).map { "\n  \($0)" }.joined()
    }
}

extension Queries {
    /// What has happened to an order since a version, for people.
    func changes(of number: String, since version: Int64) throws -> [String] {
        try journal(of: number).filter { $0.version > version }.map { line in
            "version \(line.version), \(UTCTime(microseconds: line.at.microseconds).short), by \(line.by): \(line.why)"
        }
    }
}
