internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// `orderflow dead replay`
struct DeadReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Process dead messages again, under their own identity.",
        discussion: DeadSettleOptions.discussion)

    @OptionGroup var dead: DeadSettleOptions

    func run() throws { try DeadSettlement(kind: .replay, options: dead).run() }
}

/// `orderflow dead drop`
struct DeadDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Give dead messages up; they stay on record.",
        discussion: DeadSettleOptions.discussion)

    @OptionGroup var dead: DeadSettleOptions

    func run() throws { try DeadSettlement(kind: .drop, options: dead).run() }
}

/// Which dead messages, how fast, and who wants what of them.
struct DeadSettleOptions: ParsableArguments {
    static let discussion = """
        Name them by number, or choose a --group or --all, narrowed by filters. What was chosen is shown first; on a \
        terminal you are asked then, elsewhere it needs --yes.
        """

    @Argument(help: "Numbers of dead messages, as `dead list` shows them.")
    var numbers: [Int64] = []

    @Option(help: ArgumentHelp("All with this fingerprint, as `dead groups` shows it.", valueName: "fingerprint"))
    var group: String?

    @Flag(help: "All that are dead.")
    var all = false

    @OptionGroup var filter: DeadFilterOptions

    @Flag(help: "Show what was chosen, and change nothing.")
    var dryRun = false

    @Flag(help: "Don't ask.")
    var yes = false

    @Option(help: ArgumentHelp("At most so many a second. [default: all at once]", valueName: "messages"))
    var perSecond: Int?

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard [!numbers.isEmpty, group != nil, all].filter({ $0 }).count == 1 else {
            throw ValidationError("name dead messages by number, or choose a --group or --all")
        }
        guard numbers.isEmpty || !filter.isGiven else {
            throw ValidationError("filters narrow --group and --all; numbers stand for themselves")
        }
        guard numbers.allSatisfy({ $0 > 0 }) else { throw ValidationError("numbers of dead messages begin at 1") }
        guard perSecond ?? 1 > 0 else { throw ValidationError("--per-second must be at least 1") }
    }

    var chosen: DeadFilter {
        var filter = filter.value
        if !numbers.isEmpty { filter.numbers = numbers }
        filter.group = group
        return filter
    }
}
