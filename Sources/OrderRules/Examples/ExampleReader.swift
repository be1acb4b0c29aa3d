internal import OrderCore

/// Reads `examples:`.
struct ExampleReader {
    let context: RuleContext
    /// Of the rules, by name.
    let phases: [String: RulePhase]

    func read(_ node: RuleNode) -> RuleExample? {
        guard let members = node.members(ExampleKey.keys) else { return nil }
        for key in [ExampleKey.name, .given, .expect] where members[key.rawValue] == nil {
            node.error("the example has no `\(key.rawValue)`")
        }
        let phase = members["phase"].flatMap { $0.choice("phase", of: RulePhase.self) }
        let given = members["given"].flatMap(GivenReader().read)
        let expectations = members["expect"].map { self.expectations($0, phase) } ?? []
        guard let name = members["name"].flatMap({ $0.text() }), let given else { return nil }
        return RuleExample(name: name, place: node.place, given: given, expectations: expectations)
    }

    /// Rules; or rules and actions of the example's phase; or either by phase.
    private func expectations(_ node: RuleNode, _ phase: RulePhase?) -> [RuleExample.Expectation] {
        if node.list != nil { return [expectation(node, phase.map { [$0] } ?? RulePhase.allCases)] }
        if let phase { return [expectation(node, [phase])] }
        guard let members = node.members() else { return [] }
        if members.isEmpty { node.error("expected the rules that match, by phase") }
        return members.compactMap { name, value in
            guard let phase = RulePhase(rawValue: name) else {
                if ExpectKey(rawValue: name) != nil {
                    value.keyError("`\(name)` is of one phase: give the example its `phase`")
                    return nil
                }
                value.keyError(Spelling.unknown("phase", name, among: RulePhase.keys))
                return nil
            }
            return expectation(value, [phase])
        }
    }

    private func expectation(_ node: RuleNode, _ phases: [RulePhase]) -> RuleExample.Expectation {
        var expectation = RuleExample.Expectation(place: node.place, phases: phases)
        guard node.isMapping else {
            expectation.rules = rules(node, phases)
            return expectation
        }
        guard let members = node.members(ExpectKey.keys) else { return expectation }
        if members.isEmpty { node.error("expected `rules`, what they do (`then`), or both") }
        expectation.rules = members["rules"].map { rules($0, phases) }
        if let then = members["then"] {
            let reader = ActionReader(phase: phases.first, title: "", context: context)
            expectation.actions = Set(reader.read(then).map(\.withoutDetail))
        }
        return expectation
    }

    private func rules(_ node: RuleNode, _ phases: [RulePhase]) -> [String] {
        node.listOrOne().compactMap { element in
            guard let name = element.text() else { return nil }
            let known = self.phases.filter { phases.contains($0.value) }.keys.sorted()
            guard known.contains(name) else {
                if let other = self.phases[name] {
                    element.error("`\(name)` is a rule of phase \(other.rawValue)")
                } else {
                    element.error(Spelling.unknown("rule", name, among: known))
                }
                return nil
            }
            return name
        }
    }
}
