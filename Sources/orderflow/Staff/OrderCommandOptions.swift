internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// The orders that a staff command is about. Of many, each is expected at the version that the preview has seen: what has
/// changed since is refused, and nothing is done to an order that nobody has looked at.
struct OrderCommandOptions: ParsableArguments {
    @OptionGroup var target: OrderTarget

    @Option(help: ArgumentHelp("Refuse it unless the order is at this version.", valueName: "version"))
    var expectedVersion: Int64?

    func validate() throws {
        guard expectedVersion ?? 1 > 0 else { throw ValidationError("--expected-version must be at least 1") }
        guard !target.many.isGiven || expectedVersion == nil else {
            throw ValidationError("of many orders each is expected as the preview has seen it: no --expected-version")
        }
    }

    func deliver(_ command: String, _ more: [(name: String, json: String)] = []) throws {
        let staff = target.staff
        func members(expecting version: Int64?) -> [(name: String, json: String)] {
            (version.map { [(name: "expectedVersion", json: String($0))] } ?? []) + more
        }
        guard let number = target.number else {
            let verb = command.replacing("_", with: "-")
            return try BulkCommand(verb: verb, many: target.many, staff: staff) { number, seen in
                staff.command(command, order: number, members(expecting: seen?.version))
            }.run()
        }
        do {
            try staff.deliver(command, order: number, members(expecting: expectedVersion))
        } catch let failure as Failure where failure.status == .findings {
            guard let expectedVersion else { throw failure }
            let difference = try difference(of: number, since: expectedVersion)
            throw Failure(.findings, failure.description + difference)
        }
    }

    /// What has happened to the order since the version that was expected, a line each.
    private func difference(of number: String, since version: Int64) throws -> String {
        try target.staff.options.queries().changes(of: number, since: version).map { "\n  \($0)" }.joined()
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
