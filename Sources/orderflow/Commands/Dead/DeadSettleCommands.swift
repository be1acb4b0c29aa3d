internal import ArgumentParser

/// Which dead messages, and who wants what of them.
struct DeadSettleOptions: ParsableArguments {
    @Argument(help: "Numbers of dead messages, as `dead list` shows them.")
    var numbers: [Int64] = []

    @Option(help: "All with this fingerprint instead.")
    var fingerprint: String?

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard numbers.isEmpty != (fingerprint == nil) else {
            throw ValidationError("name dead messages by number, or a --fingerprint")
        }
        guard numbers.allSatisfy({ $0 > 0 }) else { throw ValidationError("numbers of dead messages begin at 1") }
    }

    func deliver(_ type: String) throws {
        var data: [(name: String, json: String)] = []
        if !numbers.isEmpty { data.append(("ids", JSONText.array(numbers.map(String.init)))) }
        if let fingerprint { data.append(("fingerprint", JSONText.string(fingerprint))) }
        try staff.deliver(type, data)
    }
}

/// `orderflow dead replay`
struct DeadReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Process dead messages again, under their own identity.")

    @OptionGroup var dead: DeadSettleOptions

    func run() throws { try dead.deliver("message.replay.v1") }
}

/// `orderflow dead drop`
struct DeadDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Give dead messages up; they stay on record.")

    @OptionGroup var dead: DeadSettleOptions

    func run() throws { try dead.deliver("message.drop.v1") }
}
