internal import AMQP
internal import ArgumentParser

/// `orderflow topology`: the exchanges, queues and bindings of the wire contract.
struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Declare, check or export exchanges, queues and bindings.",
        discussion: "Those of the wire contract, and the queues of receivers that the rules name.",
        subcommands: [Declare.self, Check.self, Export.self])

    struct Declare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declare everything; what exists alike stays as it is.")

        @OptionGroup var named: TopologyOptions
        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            let topology = try named.topology(configuration)
            let connection = try configuration.connectBroker(.publishing)
            defer { connection.close() }
            do throws(AMQPError) {
                try topology.declare(on: connection)
            } catch {
                throw Failure(ExitStatus(error), "\(error)\n\(TopologyFinding.mending(error))")
            }
            Console.message(
                "\(topology.exchanges.count) exchanges, \(topology.queues.count) queues and \(topology.bindings.count) "
                    + "bindings are declared on \(connection.url)")
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare the broker with the wire contract; change nothing.")

        @OptionGroup var named: TopologyOptions
        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let configuration = try options.load()
            let topology = try named.topology(configuration)
            let connection = try configuration.connectBroker(.publishing)
            defer { connection.close() }
            var findings = try topology.check(on: connection).map(TopologyFinding.init)
            if let management = try configuration.management() {
                findings += try TopologyFinding.bindings(management, topology)
                findings += try TopologyFinding.policies(management, topology)
            } else {
                Console.message("bindings and policies are not compared: management.url is not set")
            }
            var listing = Listing(["where", "finding", "mend"])
            for finding in findings { listing.add([.text(finding.place), .text(finding.text), .text(finding.mend)]) }
            output.write(listing, none: "the broker has what the wire contract asks for")
            if !findings.isEmpty { throw Failure(.findings, "") }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print definitions that `rabbitmqctl import_definitions` takes.")

        @OptionGroup var named: TopologyOptions
        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            let topology = try named.topology(configuration)
            Console.data(TopologyDefinitions(vhost: try configuration.broker().vhost, topology: topology).json)
        }
    }
}
