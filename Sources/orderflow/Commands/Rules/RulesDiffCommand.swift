internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderStore

/// `orderflow rules diff`: what is other in a later version.
struct RulesDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two versions: what came, went or changed, then the lines of the files.")

    @Argument(help: "The earlier version.")
    var earlier: Int64

    @Argument(help: "The later version; the newest unless told.")
    var later: Int64?

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let versions = RuleVersions(connection: try options.load().connectDatabase(isReading: true))
        let old = try versions.rules(earlier)
        let new = try versions.rules(later)
        let lines =
            RuleDifference.rules(old.set, new.set) + RuleDifference.besideRules(old.set, new.set)
            + RuleDifference.files(old.files, new.files)
        Console.data(lines.isEmpty ? "they are the same" : lines.joined(separator: "\n"))
    }
}

/// What is other in another set of rules.
enum RuleDifference {
    /// A line for each rule that came (+), went (-) or changed (~).
    static func rules(_ old: RuleSet, _ new: RuleSet) -> [String] {
        let before = Dictionary(old.rules.map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary(new.rules.map { ($0.name, $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            switch (before[name], after[name]) {
            case (nil, let rule?): "+ \(rule.phase.rawValue) \(name)"
            case (let rule?, nil): "- \(rule.phase.rawValue) \(name)"
            case (let one?, let other?) where one != other: "~ \(other.phase.rawValue) \(name)"
            default: nil
            }
        }
    }

    /// A line for each list, table, warehouse or carrier, and for the rest beside the rules.
    static func besideRules(_ old: RuleSet, _ new: RuleSet) -> [String] {
        new.differences(from: old).map { difference in
            let mark =
                switch difference.change {
                case .new: "+"
                case .gone: "-"
                case .changed: "~"
                }
            let name = difference.name.isEmpty ? "" : " \(difference.name)"
            return "\(mark) \(difference.kind.rawValue)\(name)"
                + (difference.detail.isEmpty ? "" : " (\(difference.detail))")
        }
    }

    /// The lines of each file that came or went.
    static func files(_ old: RuleFiles, _ new: RuleFiles) -> [String] {
        Set(old.texts.keys).union(new.texts.keys).sorted().flatMap { name -> [String] in
            let before = lines(old.texts[name])
            let after = lines(new.texts[name])
            let difference = after.difference(from: before)
            guard !difference.isEmpty else { return [] }
            let changes = difference.map { change in
                switch change {
                case .remove(let place, let line, _): (place: place, order: 0, text: "-\(place + 1): \(line)")
                case .insert(let place, let line, _): (place: place, order: 1, text: "+\(place + 1): \(line)")
                }
            }
            return ["", name] + changes.sorted { ($0.place, $0.order) < ($1.place, $1.order) }.map(\.text)
        }
    }

    private static func lines(_ text: String?) -> [Substring] {
        // Whatever ends them: the line end of Windows is one character.
        text?.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) ?? []
    }
}
