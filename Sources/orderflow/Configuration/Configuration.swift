/// The effective settings, each with where it came from.
struct Configuration: Sendable {
    /// The file that was read; nil where there was none.
    let file: String?
    private var settings: [String: Setting] = [:]

    init(file: String? = nil) {
        self.file = file
    }

    subscript<Value>(key: SettingKey<Value>) -> Value {
        settings[key.path]?.value as? Value ?? key.standard
    }

    mutating func set(_ setting: Setting, for key: any AnySettingKey) {
        settings[key.path] = setting
    }

    func origin(of key: any AnySettingKey) -> SettingOrigin {
        settings[key.path]?.origin ?? .standard
    }

    /// The value as it would stand in the file; secrets masked.
    func text(of key: any AnySettingKey) -> String {
        settings[key.path].map { key.text(of: $0.value) } ?? key.text(of: key.standardValue())
    }
}

/// A value and where it came from.
struct Setting: Sendable {
    let value: any Sendable & Equatable
    let origin: SettingOrigin
}

/// Where a setting came from; the later ones stand over the earlier.
enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    case standard
    case file(String, SourcePlace)
    case variable(String)
    case flag(String)

    var rank: Int {
        switch self {
        case .standard: 0
        case .file: 1
        case .variable: 2
        case .flag: 3
        }
    }

    var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, let place): "\(path):\(place.line):\(place.column)"
        case .variable(let name): name
        case .flag(let flag): flag
        }
    }
}

/// Everything that is wrong with the configuration, each with its place.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [String]

    var description: String { problems.joined(separator: "\n") }
}
