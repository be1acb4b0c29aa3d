internal import OrderRules
internal import Yams

/// The settings of a YAML file, each with its place.
struct ConfigurationFile {
    let path: String
    private(set) var found: [(key: any AnySettingKey, raw: RawSetting, place: SourcePlace)] = []
    private(set) var problems: [String] = []

    /// Reads a file's text. What is wrong with it is collected, with file, line and column.
    init(path: String, text: String) {
        self.path = path
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            read(root)
        } catch let error as YamlError {
            problems.append("\(path):\(error.summary)")
        } catch {
            problems.append("\(path):1:1: not YAML: \(error)")
        }
    }

    private mutating func read(_ root: Node) {
        guard case .mapping(let mapping) = root else {
            if case .scalar(let scalar) = root, scalar.isNull { return }
            return report(root, "expected keys with values, such as `instance: main`")
        }
        let sections = Set(SettingKeys.all.map(\.section)).subtracting([""])
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            if sections.contains(name) {
                read(section: name, value)
            } else {
                read(name, keyNode, value)
            }
        }
    }

    private mutating func read(section: String, _ node: Node) {
        if case .scalar(let scalar) = node, scalar.isNull { return }
        guard case .mapping(let mapping) = node else {
            return report(node, "expected keys under \(section), got \(RawSetting(node).noun)")
        }
        for (keyNode, value) in mapping {
            read(section + "." + (keyNode.scalar?.string ?? ""), keyNode, value)
        }
    }

    private mutating func read(_ path: String, _ keyNode: Node, _ value: Node) {
        guard let key = SettingKeys.find(path) else { return report(keyNode, Self.unknown(path)) }
        found.append((key, RawSetting(value), SourcePlace(value)))
    }

    private mutating func report(_ node: Node, _ text: String) {
        let place = SourcePlace(node)
        problems.append("\(path):\(place.line):\(place.column): \(text)")
    }

    /// The sentence about a key that does not exist.
    static func unknown(_ path: String) -> String {
        let paths = SettingKeys.all.map(\.path)
        // The right name in the wrong section is the likelier slip.
        let name = path.split(separator: ".").last.map(String.init) ?? path
        let moved = paths.filter { $0 == name || $0.hasSuffix("." + name) }
        if moved.count == 1 { return "unknown key \(path): did you mean \(moved[0])?" }
        guard let nearest = Spelling.nearest(to: path, among: paths) else {
            return "unknown key \(path): `orderflow config template` lists all keys"
        }
        return "unknown key \(path): did you mean \(nearest)?"
    }
}

extension SourcePlace {
    fileprivate init(_ node: Node) {
        self.init(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

extension RawSetting {
    fileprivate init(_ node: Node) {
        switch node {
        case .scalar(let scalar): self = scalar.isNull ? .null : .text(scalar.string)
        case .sequence(let sequence): self = .list(sequence.map { RawSetting($0) }, SourcePlace(node))
        case .mapping(let mapping):
            self = .map(
                mapping.map { ($0.key.scalar?.string ?? "", RawSetting($0.value)) }, SourcePlace(node))
        case .alias: self = .null
        }
    }
}

extension Node.Scalar {
    /// YAML's ways to write nothing.
    fileprivate var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }
}

extension YamlError {
    /// `line:column: what`, without the excerpt that may show a secret.
    fileprivate var summary: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(mark.line):\(mark.column): not YAML: \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "\(context.mark.line):\(context.mark.column): given twice: \(duplicates.joined(separator: ", "))"
        case .reader(let problem, _, _, _): "1:1: not YAML: \(problem)"
        default: "1:1: not YAML"
        }
    }
}
