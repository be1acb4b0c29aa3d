internal import AMQP
internal import OrderStore
internal import Postgres

extension Configuration {
    /// The database, with the password that a file or variable gives.
    func database(for application: String = "orderflow cli") throws(PostgresError) -> PostgresConfiguration {
        var database = try PostgresConfiguration(uri: self[SettingKeys.postgresURL])
        if !self[SettingKeys.postgresPassword].isEmpty { database.password = self[SettingKeys.postgresPassword] }
        database.applicationName = application
        return database
    }

    /// The broker, with the password that a file or variable gives, and the authorities to trust.
    func broker() throws(AMQPError) -> AMQPURL {
        let password = self[SettingKeys.amqpPassword]
        var url = try AMQPURL(self[SettingKeys.amqpURL], password: password.isEmpty ? nil : password)
        if !self[SettingKeys.amqpCAFile].isEmpty { url.certificateAuthorityFile = self[SettingKeys.amqpCAFile] }
        return url
    }

    /// A session on the database that gives up in reasonable time; migrated as this program needs unless told.
    ///
    /// - Parameter isReading: a standby will do, and the server refuses whatever would change anything.
    func connectDatabase(
        requiresCurrent: Bool = true, isReading: Bool = false
    ) throws(PostgresError) -> PostgresConnection {
        var database = try database()
        database.requiresPrimary = !isReading
        database.isReadOnly = isReading
        database.connectTimeoutSeconds = 5
        let connection = try PostgresConnection(database)
        if requiresCurrent { try Migrator(Migrations.all).requireCurrent(on: connection) }
        return connection
    }

    /// A connection to the broker.
    func connectBroker(_ role: AMQPConnection.Role) throws(AMQPError) -> AMQPConnection {
        try AMQPConnection(broker(), name: "orderflow cli", role: role, timeout: .seconds(5))
    }

    /// The management API; nil where none is configured.
    func management() throws(AMQPError) -> BrokerManagement? {
        guard let address = HTTPAddress(self[SettingKeys.managementURL]) else { return nil }
        let broker = try broker()
        return BrokerManagement(
            address: address, user: address.user ?? broker.user, password: address.password ?? broker.password,
            vhost: broker.vhost)
    }
}

extension AMQPURL {
    /// As `init(_:)`, with the password apart from the URI, which then may name a user alone.
    init(_ text: String, password: String?) throws(AMQPError) {
        guard let scheme = text.firstRange(of: "://"), let at = text[scheme.upperBound...].firstIndex(of: "@"),
            !text[scheme.upperBound..<at].contains(":"), !text[scheme.upperBound..<at].contains("/")
        else {
            try self.init(text)
            if let password { self.password = password }
            return
        }
        try self.init(text[..<at] + ":" + text[at...])
        self.password = password ?? ""
    }
}
