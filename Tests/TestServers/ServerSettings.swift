internal import Glibc

/// What the env file of an instance says: the `ORDERFLOW_` variables that name its servers.
struct ServerSettings: Sendable {
    private let values: [String: String]

    /// A missing one reads as a value that fails where it is used and says why.
    subscript(key: String) -> String {
        values[key] ?? "unavailable:\(key)-is-not-set-and-scripts-services-did-not-start"
    }

    /// From the environment, as `make test` sets it; else of the main pair, which is started if it does not run.
    static func ofMainInstance() -> ServerSettings {
        let keys = [
            "ORDERFLOW_POSTGRES_URL", "ORDERFLOW_AMQP_URL", "ORDERFLOW_AMQPS_URL", "ORDERFLOW_CA_FILE",
            "ORDERFLOW_MANAGEMENT_URL",
        ]
        var values: [String: String] = [:]
        for key in keys {
            if let value = getenv(key) { values[key] = String(cString: value) }
        }
        if values.count == keys.count { return ServerSettings(values: values) }
        return (try? starting(instance: "main")) ?? ServerSettings(values: values)
    }

    /// Of an instance, started if it does not run.
    static func starting(instance: String) throws(TestServersError) -> ServerSettings {
        let checkout = try Checkout.find()
        try checkout.services("up", instance: instance)
        let envFile = "\(checkout.path)/.local/\(instance)/env"
        guard let text = readFile(envFile) else { throw TestServersError("cannot read \(envFile)") }
        return ServerSettings(values: parse(text))
    }

    /// Lines of the form `KEY='value'`; the values hold no quotes.
    private static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[String(parts[0])] = String(parts[1].drop { $0 == "'" }.prefix { $0 != "'" })
        }
        return values
    }
}
