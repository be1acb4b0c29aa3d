internal import Yams

extension RuleNode {
    /// Reads a file as YAML; tells why where it is none. An empty file is nil, too.
    static func root(of text: String, file: String, _ findings: FindingList) -> RuleNode? {
        do {
            guard let node = try Yams.compose(yaml: text) else { return nil }
            return RuleNode(node: node, file: file, path: "", findings: findings)
        } catch {
            let (line, column, problem) = (error as? YamlError)?.story(in: text) ?? (1, 1, "\(error)")
            findings.add(RuleFinding(.error, RulePlace(file, line: line, column: column), path: "", problem))
            return nil
        }
    }
}

extension YamlError {
    fileprivate func story(in text: String) -> (line: Int, column: Int, problem: String) {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, mark.column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.min() ?? ""
            let mark = Self.second(key, in: text, from: context.mark)
            return (mark.line, mark.column, "`\(key)` is given twice")
        default: return (1, 1, "not YAML: \(description)")
        }
    }

    /// The mark of a mapping is where it begins: its second key of this name stands on one of the lines after it, in the
    /// column of its first.
    private static func second(_ key: String, in text: String, from mark: Mark) -> (line: Int, column: Int) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var isFound = false
        for line in mark.line...max(mark.line, lines.count) where line <= lines.count {
            let scalars = lines[line - 1].unicodeScalars
            let rest = Substring(scalars.dropFirst(mark.column - 1))
            guard line == mark.line || scalars.prefix(mark.column - 1).allSatisfy({ $0 == " " }) else { continue }
            guard rest.hasPrefix(key + ":") else { continue }
            if isFound { return (line, mark.column) }
            isFound = true
        }
        return (mark.line, mark.column)
    }
}
