internal import AMQP
internal import ArgumentParser
internal import OrderCore
internal import OrderRules
internal import OrderWorker
internal import Postgres

/// The topology of the wire contract, with the queues of receivers that rules name.
struct TopologyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take the receivers that this folder of rules names, before it is published, instead of those that count.",
            valueName: "folder"))
    var rules: String?

    /// Where the rules that count can't be read, their queues are left out, which it says.
    func topology(_ configuration: Configuration) throws -> Topology {
        let set: RuleSet?
        if let rules {
            set = try RulesFolder.read(rules).set
        } else {
            do {
                let connection = try configuration.connectDatabase(isReading: true)
                connection.responseTimeoutMilliseconds = 5_000
                set = try configuration.countingRules(connection)
            } catch {
                Console.message("queues of receivers that rules name are left out: \(error)")
                set = nil
            }
        }
        return OrderflowTopology.whole(naming: set?.receivers ?? [])
    }
}

extension OrderflowTopology {
    /// The contract's, then the queues of receivers that rules name beside it.
    static func whole(naming receivers: Set<String>) -> Topology {
        let named = topology(ofReceivers: receivers)
        var whole = topology
        whole.queues += named.queues
        whole.bindings += named.bindings
        return whole
    }
}
