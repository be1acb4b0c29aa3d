import Postgres
package import TestServers

/// The pair of servers that a site stands on.
package struct SiteServers: Sendable {
    package let postgresURL: String
    package let amqpURL: String
    package let managementURL: String

    /// The pair that most tests share.
    package static var main: SiteServers {
        SiteServers(
            postgresURL: TestServers.postgresURL, amqpURL: TestServers.amqpURL,
            managementURL: TestServers.managementURL)
    }

    /// A pair of a test's own, which may be disturbed.
    package static func own(_ pair: ServerPair) -> SiteServers {
        SiteServers(postgresURL: pair.postgresURL, amqpURL: pair.amqpURL, managementURL: pair.managementURL)
    }

    private init(postgresURL: String, amqpURL: String, managementURL: String) {
        self.postgresURL = postgresURL
        self.amqpURL = amqpURL
        self.managementURL = managementURL
    }

    /// Makes and drops databases, which waits for checkpoints: on a slow disk for minutes.
    func administer(_ sql: String) throws {
        var configuration = try PostgresConfiguration(uri: postgresURL)
        configuration.responseTimeoutMilliseconds = nil
        let server = try PostgresConnection(configuration)
        defer { server.close() }
        try server.execute(sql)
    }

    package func postgresURL(database: String) -> String { Self.replacingPath(of: postgresURL, with: database) }

    package func amqpURL(vhost: String) -> String { Self.replacingPath(of: amqpURL, with: vhost) }

    private static func replacingPath(of url: String, with path: String) -> String {
        guard let slash = url.lastIndex(of: "/") else { return url }
        return url[...slash] + path
    }
}
