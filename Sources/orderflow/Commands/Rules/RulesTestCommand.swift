internal import ArgumentParser
internal import OrderRules

/// `orderflow rules test`: the examples beside the rules.
struct RulesTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the examples beside the rules, and tell what is not as expected; connects nowhere.")

    @OptionGroup var source: RulesFolder

    func run() throws {
        let trial = RuleTrial(try source.read())
        for difference in trial.differences { Console.data(difference.shown(in: source.folder)) }
        guard trial.failed == 0 else {
            throw Failure(.findings, "\(trial.failed) of \(Quantity.text(trial.count, "example")) not as expected")
        }
        Console.message(
            trial.count == 0 ? "the rules have no examples" : "\(Quantity.text(trial.count, "example")): as expected")
    }
}
