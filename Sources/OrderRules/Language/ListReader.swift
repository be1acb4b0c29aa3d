internal import OrderCore

/// Reads `lists:`: names that rules share, with their entries, or the text file that has one a line.
struct ListReader {
    let files: RuleFiles
    let context: RuleContext

    func read(_ node: RuleNode) {
        for (name, value) in node.members() ?? [] {
            guard let list = list(value) else { continue }
            if !context.add(name, RuleContext.PlacedList(list: list, node: value)), let first = context.lists[name] {
                value.keyError("the list `\(name)` is there already: \(first.node.keyPlace)")
            }
        }
    }

    private func list(_ node: RuleNode) -> RuleList? {
        guard node.isMapping else { return entries(node).map { RuleList($0) } }
        guard let members = node.members(ListKey.keys) else { return nil }
        let title = members["title"].flatMap { $0.text() }
        switch (members["entries"], members["file"]) {
        case (let given?, nil): return entries(given).map { RuleList($0, title: title) }
        case (nil, let file?): return lines(file).map { RuleList($0, title: title) }
        default:
            node.keyError("a list has either `entries` or a `file`")
            return nil
        }
    }

    private func entries(_ node: RuleNode) -> Set<String>? {
        node.elements().map { Set($0.compactMap { $0.text() }) }
    }

    /// Empty lines and those that begin with `#` are left out.
    private func lines(_ node: RuleNode) -> Set<String>? {
        guard let name = node.text() else { return nil }
        guard let text = files.texts[name] else {
            let there = files.texts.keys.filter { $0.hasSuffix(".txt") }.sorted()
            node.error(Spelling.unknown("file", name, among: there) + " (a *.txt beside the rules)")
            return nil
        }
        let lines = text.split { $0.isNewline || $0 == "\u{FEFF}" }
        return Set(lines.map { String($0.trimmed) }.filter { !$0.isEmpty && !$0.hasPrefix("#") })
    }
}
