/// One setting: its place in the file, what it may be, and what it is for. The table of all is `SettingKeys`.
struct SettingKey<Value: Sendable & Equatable>: Sendable {
    /// Its place in the file: `worker.lanes`.
    let path: String
    /// What it may be.
    let kind: SettingKind<Value>
    /// Its value where nothing says otherwise.
    let standard: Value
    /// What it is for, in a sentence or two.
    let summary: String

    init(_ path: String, _ kind: SettingKind<Value>, default standard: Value, _ summary: String) {
        self.path = path
        self.kind = kind
        self.standard = standard
        self.summary = summary
    }
}

/// A setting of whatever type, for what is done with all of them alike.
protocol AnySettingKey: Sendable {
    var path: String { get }
    var summary: String { get }
    /// What is expected, for people.
    var expectation: String { get }
    var isSecret: Bool { get }
    /// Its default as it would stand in the file; secrets have none.
    var standardText: String { get }
    func read(_ raw: RawSetting) throws(SettingProblem) -> any Sendable & Equatable
    func standardValue() -> any Sendable & Equatable
    /// A value as it would stand in the file; secrets are masked.
    func text(of value: any Sendable & Equatable) -> String
}

extension AnySettingKey {
    /// The variable that stands over the file: `ORDERFLOW_WORKER_BATCH_MESSAGES`.
    var variable: String {
        var name = "ORDERFLOW_"
        for character in path {
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase { name += "_" }
                name += character.uppercased()
            }
        }
        return name
    }

    /// The part before the dot, empty for a key at the top.
    var section: String { path.contains(".") ? String(path.prefix { $0 != "." }) : "" }

    /// The part after the dot.
    var name: String {
        String(path.drop { $0 != "." }.dropFirst()).isEmpty ? path : String(path.drop { $0 != "." }.dropFirst())
    }
}

extension SettingKey: AnySettingKey {
    var expectation: String { kind.expectation }
    var isSecret: Bool { kind.isSecret }
    var standardText: String { kind.text(standard) }

    func read(_ raw: RawSetting) throws(SettingProblem) -> any Sendable & Equatable {
        try kind.read(raw)
    }

    func standardValue() -> any Sendable & Equatable { standard }

    func text(of value: any Sendable & Equatable) -> String {
        (value as? Value).map(kind.text) ?? ""
    }
}

/// Why a value cannot be taken; the place is added by who knows it.
struct SettingProblem: Error {
    let text: String
    /// The place inside a structured value, where it has one.
    var place: SourcePlace?

    init(_ text: String, at place: SourcePlace? = nil) {
        self.text = text
        self.place = place
    }
}

/// A place in a file, counted from 1.
struct SourcePlace: Sendable, Equatable {
    let line: Int
    let column: Int
}

/// A value as it stands in the file, in a variable or in a flag.
indirect enum RawSetting: Sendable {
    case text(String)
    case list([RawSetting], SourcePlace)
    case map([(key: String, value: RawSetting)], SourcePlace)
    case null

    /// What it is called in an error.
    var noun: String {
        switch self {
        case .text(let text): "\"\(text.prefix(60))\""
        case .list: "a list"
        case .map: "a group of keys"
        case .null: "nothing"
        }
    }
}
