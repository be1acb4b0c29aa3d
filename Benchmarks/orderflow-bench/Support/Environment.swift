internal import AMQP
internal import Glibc
internal import Postgres

/// The servers to work with.
struct Servers {
    let postgresURL: String
    let amqpURL: String

    /// From the environment.
    init() throws {
        postgresURL = try Self.variable("ORDERFLOW_POSTGRES_URL")
        amqpURL = try Self.variable("ORDERFLOW_AMQP_URL")
    }

    private static func variable(_ name: String) throws -> String {
        guard let value = getenv(name) else {
            throw BenchFailure("\(name) is not set; scripts/demo and scripts/bench set it")
        }
        return String(cString: value)
    }

    var broker: AMQPURL {
        get throws { try AMQPURL(amqpURL) }
    }

    /// The address of another database on the same server.
    func postgresURL(database: String) -> String {
        let slash = postgresURL.lastIndex(of: "/") ?? postgresURL.endIndex
        return postgresURL[..<slash] + "/" + database
    }

    /// How to connect, to another database where one is named.
    func configuration(database: String? = nil) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(uri: postgresURL)
        configuration.applicationName = "orderflow-bench"
        if let database { configuration.database = database }
        return configuration
    }

    /// Without a bound on time: what is filled or copied here is large.
    func connect(database: String? = nil) throws -> PostgresConnection {
        let connection = try PostgresConnection(try configuration(database: database))
        connection.responseTimeoutMilliseconds = nil
        return connection
    }
}
