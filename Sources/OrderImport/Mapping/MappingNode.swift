internal import Yams

/// A value in the mapping file that knows where it stands.
struct MappingNode {
    let node: Node
    let file: String
    /// `inputs.orders.key`
    let path: String
    /// The line of the key that it is the value of.
    var keyLine: Int?

    var line: Int? { keyLine ?? node.mark?.line }

    func error(_ text: String) -> ImportError {
        ImportError(.mapping, file: file, line: line, key: path.isEmpty ? nil : path, text)
    }

    /// A text, be it quoted or not.
    func text() throws(ImportError) -> String {
        guard let scalar = node.scalar, !isNull else { throw error("expected a text, got \(kind)") }
        return scalar.string
    }

    func flag() throws(ImportError) -> Bool {
        guard let flag = plainFlag else { throw error("expected true or false, got \(kind)") }
        return flag
    }

    /// A list, or a single element for a list of one.
    func listOrOne() -> [MappingNode] { list ?? [self] }

    func requiredList() throws(ImportError) -> [MappingNode] {
        guard let list else { throw error("expected a list, got \(kind)") }
        return list
    }

    var list: [MappingNode]? {
        node.sequence.map { sequence in
            sequence.enumerated().map { MappingNode(node: $1, file: file, path: "\(path)[\($0)]") }
        }
    }

    /// The members, in their order.
    func members() throws(ImportError) -> [(name: String, value: MappingNode)] {
        guard let mapping = node.mapping else { throw error("expected keys with values, got \(kind)") }
        var members: [(name: String, value: MappingNode)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw ImportError(.mapping, file: file, line: key.mark?.line, key: path, "expected a text as a key")
            }
            let path = path.isEmpty ? name : "\(path).\(name)"
            members.append((name, MappingNode(node: value, file: file, path: path, keyLine: key.mark?.line)))
        }
        return members
    }

    var isMapping: Bool { node.mapping != nil }

    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    var plainFlag: Bool? {
        guard let scalar = node.scalar, scalar.style == .plain else { return nil }
        return scalar.string == "true" ? true : scalar.string == "false" ? false : nil
    }

    var plainInteger: Int64? {
        guard let scalar = node.scalar, scalar.style == .plain else { return nil }
        return Int64(scalar.string)
    }

    private var kind: String {
        if isNull { return "nothing" }
        if let scalar = node.scalar { return "\"\(scalar.string.prefix(40))\"" }
        return node.sequence == nil ? "keys with values" : "a list"
    }
}

extension MappingNode {
    /// Reads the file as YAML.
    static func root(of text: String, file: String) throws(ImportError) -> MappingNode {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ImportError(.mapping, file: file, line: 1, "the file is empty")
            }
            return MappingNode(node: node, file: file, path: "")
        } catch let error as ImportError {
            throw error
        } catch let error as YamlError {
            throw ImportError(.mapping, file: file, line: error.line, "not YAML: \(error.problem)")
        } catch {
            throw ImportError(.mapping, file: file, "not YAML: \(error)")
        }
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var problem: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "\(keys.joined(separator: ", ")) is given twice"
        default: description
        }
    }
}
