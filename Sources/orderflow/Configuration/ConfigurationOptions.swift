internal import ArgumentParser

/// Where the configuration comes from: the options of every command.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help:
            "The configuration file. [default: $ORDERFLOW_CONFIG, config/orderflow.yaml, /etc/orderflow/orderflow.yaml]"
    )
    var file: String?

    @Option(
        name: .customLong("set"), help: ArgumentHelp("A setting over file and environment.", valueName: "key=value"))
    var settings: [String] = []

    func load(_ more: [(path: String, value: String, flag: String)] = []) throws -> Configuration {
        var loader = ConfigurationLoader()
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw Failure(.usage, "--set \(setting): expected key=value")
            }
            let path = String(setting[..<equals])
            loader.flags.append((path, String(setting[setting.index(after: equals)...]), "--set \(path)"))
        }
        loader.flags += more
        return try loader.load(file: file)
    }
}
