internal import Glibc
internal import OrderRules

/// Puts the effective configuration together: defaults, the file, `ORDERFLOW_*` variables, flags; the later stands.
struct ConfigurationLoader {
    /// Flags: a key's path, its value, and what the flag is called.
    var flags: [(path: String, value: String, flag: String)] = []
    var environment: [String: String]

    private var configuration = Configuration()
    private var problems: [String] = []

    /// Where a file is looked for when none is named.
    static let usualFiles = ["config/orderflow.yaml", "/etc/orderflow/orderflow.yaml"]

    init(environment: [String: String] = Self.processEnvironment()) {
        self.environment = environment
    }

    /// Reads everything, and reports all that is wrong at once.
    mutating func load(file named: String?) throws(ConfigurationError) -> Configuration {
        let path = try filePath(named)
        configuration = Configuration(file: path)
        if let path { try readFile(path) }
        for key in SettingKeys.all {
            guard let value = environment[key.variable] else { continue }
            set(key, .text(value), .variable(key.variable))
        }
        for (path, value, flag) in flags {
            guard let key = SettingKeys.find(path) else {
                problems.append("\(flag): \(ConfigurationFile.unknown(path))")
                continue
            }
            set(key, .text(value), .flag(flag))
        }
        takeSecret(SettingKeys.postgresPassword, from: SettingKeys.postgresPasswordFile)
        takeSecret(SettingKeys.amqpPassword, from: SettingKeys.amqpPasswordFile)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    /// Variables that look like ours and are none: worth a remark, as others may use the prefix too.
    var unknownVariables: [(name: String, meant: String)] {
        let known = SettingKeys.all.map(\.variable)
        return environment.keys.sorted().filter { $0.hasPrefix("ORDERFLOW_") && !known.contains($0) }.compactMap {
            name in
            let near = known.filter { Spelling.distance($0, name) <= 2 }
            return near.first.map { (name, $0) }
        }
    }

    private func filePath(_ named: String?) throws(ConfigurationError) -> String? {
        if let path = named ?? environment["ORDERFLOW_CONFIG"], !path.isEmpty {
            guard access(path, R_OK) == 0 else {
                throw ConfigurationError(problems: ["\(path): \(String(cString: strerror(errno)))"])
            }
            return path
        }
        return Self.usualFiles.first { access($0, R_OK) == 0 }
    }

    private mutating func readFile(_ path: String) throws(ConfigurationError) {
        guard let text = TextFile.read(path) else {
            throw ConfigurationError(problems: ["\(path): can't be read, or is no UTF-8"])
        }
        let file = ConfigurationFile(path: path, text: text)
        problems += file.problems
        for (key, raw, place) in file.found {
            if case .null = raw { continue }
            set(key, raw, .file(path, place))
        }
    }

    private mutating func set(_ key: any AnySettingKey, _ raw: RawSetting, _ origin: SettingOrigin) {
        do throws(SettingProblem) {
            configuration.set(Setting(value: try key.read(raw), origin: origin), for: key)
        } catch {
            var place = "\(origin)"
            if case .file(let path, _) = origin, let inner = error.place {
                place = "\(path):\(inner.line):\(inner.column)"
            }
            problems.append("\(place): \(key.path): \(error.text)")
        }
    }

    /// A secret from its file, unless something that stands above the file's name gives the secret itself.
    private mutating func takeSecret(_ secret: SettingKey<String>, from fileKey: SettingKey<String>) {
        let path = configuration[fileKey]
        guard !path.isEmpty else { return }
        let (origin, other) = (configuration.origin(of: fileKey), configuration.origin(of: secret))
        if other != .standard, other.rank > origin.rank { return }
        if other != .standard, other.rank == origin.rank {
            problems.append("\(origin): \(secret.path) and \(fileKey.path) are both given: leave one out")
            return
        }
        guard let text = TextFile.read(path) else {
            problems.append("\(origin): \(fileKey.path): \(path) can't be read: \(String(cString: strerror(errno)))")
            return
        }
        let password = text.hasSuffix("\n") ? String(text.dropLast()) : text
        configuration.set(Setting(value: password, origin: origin), for: secret)
    }

    /// The variables of this process.
    static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
