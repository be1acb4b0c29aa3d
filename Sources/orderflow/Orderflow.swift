internal import AMQP
internal import ArgumentParser
internal import Glibc
internal import OrderStore
internal import Postgres

/// The program: one file a subcommand.
@main
struct Orderflow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orderflow",
        abstract: "Takes orders from queues, keeps the truth in PostgreSQL, and tells everyone concerned.",
        discussion: ExitStatus.help,
        subcommands: [
            MigrateCommand.self, TopologyCommand.self, WorkerCommand.self, SendCommand.self, OrderCommand.self,
            StockCommand.self, HoldCommand.self, RulesCommand.self, ParkedCommand.self, ConflictCommand.self,
            DeadCommand.self,
            QuarantineCommand.self, OutboxCommand.self, EpochCommand.self, AuditCommand.self, ImportCommand.self,
            DoctorCommand.self, ConfigCommand.self,
        ])

    static func main() {
        Glibc.exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs a command and turns whatever ends it into a message and a status.
    private static func run(_ arguments: [String]) -> ExitStatus {
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return .ok
        } catch let failure as Failure {
            if !failure.description.isEmpty { Console.message("orderflow: " + failure.description) }
            return failure.status
        } catch let error as ConfigurationError {
            Console.message(error.description)
            return .usage
        } catch let error as PostgresError {
            Console.message("orderflow: \(error)")
            return ExitStatus(error)
        } catch let error as StoreError {
            Console.message("orderflow: \(error)")
            return ExitStatus(error)
        } catch let error as AMQPError {
            Console.message("orderflow: \(error)")
            return ExitStatus(error)
        } catch {
            let text = fullMessage(for: error)
            guard exitCode(for: error) == .success else {
                Console.message(text)
                return .usage
            }
            Console.data(text)
            return .ok
        }
    }
}
