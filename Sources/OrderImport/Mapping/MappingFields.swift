/// The keys of one place in the mapping: each is asked for by name, and those nobody asked for are mistakes.
struct MappingFields {
    let node: MappingNode
    private let members: [(name: String, value: MappingNode)]

    /// - Parameter known: every key that may stand here.
    init(_ node: MappingNode, known: [String]) throws(ImportError) {
        self.node = node
        members = try node.members()
        for member in members where !known.contains(member.name) {
            throw member.value.error("no such key here: \(Suggestion.text(for: member.name, among: known))")
        }
    }

    subscript(_ name: String) -> MappingNode? {
        members.first { $0.name == name && !$0.value.isNull }?.value
    }

    func required(_ name: String, _ meaning: String) throws(ImportError) -> MappingNode {
        guard let value = self[name] else { throw node.error("the key \"\(name)\" is missing: \(meaning)") }
        return value
    }
}
