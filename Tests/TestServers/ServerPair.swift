/// A PostgreSQL and a RabbitMQ of a test's own, to be stopped, killed and frozen. Starting takes about five seconds.
public struct ServerPair: Sendable {
    /// The PostgreSQL of this pair.
    public let postgres: PrivateServer
    /// The RabbitMQ of this pair.
    public let broker: PrivateServer
    /// As in `TestServers`, of this pair.
    public let postgresURL: String
    /// As in `TestServers`, of this pair.
    public let amqpURL: String
    /// As in `TestServers`, of this pair.
    public let amqpsURL: String
    /// As in `TestServers`, of this pair.
    public let caFile: String
    /// As in `TestServers`, of this pair.
    public let managementURL: String

    /// PostgreSQL's data folder, to back up and to put back while it does not run.
    public let postgresData: String

    private let instance: String

    /// Starts a pair under this name (letters, digits, `-` and `_`, at most 32). One that runs is taken as it is.
    public static func start(_ name: String) throws(TestServersError) -> ServerPair {
        let settings = try ServerSettings.starting(instance: name)
        return ServerPair(
            postgres: PrivateServer(
                instance: name, pidFile: settings["ORDERFLOW_POSTGRES_PID_FILE"], kind: .postgres),
            broker: PrivateServer(instance: name, pidFile: settings["ORDERFLOW_RABBITMQ_PID_FILE"], kind: .broker),
            postgresURL: settings["ORDERFLOW_POSTGRES_URL"],
            amqpURL: settings["ORDERFLOW_AMQP_URL"],
            amqpsURL: settings["ORDERFLOW_AMQPS_URL"],
            caFile: settings["ORDERFLOW_CA_FILE"],
            managementURL: settings["ORDERFLOW_MANAGEMENT_URL"],
            postgresData: settings["ORDERFLOW_POSTGRES_DATA"],
            instance: name)
    }

    /// Ends both servers, in whatever state they are, and deletes their data.
    public func stop() throws(TestServersError) {
        try Checkout.find().services("remove", instance: instance)
    }

    /// The database of that name on this pair's PostgreSQL.
    public func postgresURL(database: String) -> String {
        TestServers.replacingPath(of: postgresURL, with: database)
    }
}
