internal import AMQP
internal import Glibc
internal import TradingDay

/// The configuration file of the demo's workers, and of whoever looks around afterwards.
struct WorkerConfiguration {
    private let text: String

    init(_ day: TradingDay, _ servers: Servers) throws {
        let sources = day.ownersOfSources.split(separator: ",").map { entry in
            let parts = entry.split(separator: "=")
            return "    \(parts[0]): [\(parts[1])]"
        }
        text = """
            # Written by the demo: its servers, and who may say what there.
            instance: demo
            postgres:
              url: "\(servers.postgresURL)"
            amqp:
              url: "\(servers.amqpURL)"
            security:
              sources:
            \(sources.joined(separator: "\n"))
              staff:
                "\(try servers.broker.user)": [administrator]

            """
    }

    /// Readable by its owner alone: there is a password in it.
    func write(to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw BenchFailure("can't write \(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw BenchFailure("can't write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
