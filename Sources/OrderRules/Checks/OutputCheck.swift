internal import OrderCore

/// Who has to act on an event always hears of it (`EventPayload.neededReceivers`): a rule may send it elsewhere of his kind
/// (`wms-north`), and never leave him out.
struct OutputCheck {
    let rule: Rule
    let node: RuleNode

    func check() {
        for member in node.members() ?? [] {
            guard let kind = RuleActionKind(rawValue: member.name) else { continue }
            switch kind {
            case .leaveOut:
                for value in member.value.listOrOne() { refuse(value.word, to: nil, at: value) }
            case .redirect:
                for (from, to) in member.value.members() ?? [] { refuse(from, to: to.word, at: to) }
            default: continue
            }
        }
    }

    private func refuse(_ receiver: String?, to other: String?, at node: RuleNode) {
        guard let receiver else { return }
        for event in events {
            for kind in EventPayload.neededReceivers(of: event) where EventPayload.isReceiver(receiver, of: kind) {
                if let other, EventPayload.isReceiver(other, of: kind) { continue }
                // One of several of its kind may be left out; the last of them hears of it all the same.
                if other == nil, receiver != kind { continue }
                return node.error(
                    "`\(receiver)` always hears of `\(event)`, and this rule would leave it out: test `event`")
            }
        }
    }

    /// The events that the rule may be asked about and may match: the known ones, and those it names.
    private var events: [String] {
        (EventPayload.names + rule.condition.namedEvents.sorted()).filter { rule.condition.mayHold(of: $0) }
    }
}

extension RuleCondition {
    /// The events that are named in it.
    fileprivate var namedEvents: Set<String> {
        switch self {
        case .all(let parts), .any(let parts): Set(parts.flatMap(\.namedEvents))
        case .not(let part): part.namedEvents
        case .order(.event, .isIn(let names)): names
        default: []
        }
    }

    /// Whether it may hold when this event is told; what else it asks is not known here.
    fileprivate func mayHold(of event: String) -> Bool { verdict(event) != false }

    /// nil: it depends on the order.
    private func verdict(_ event: String) -> Bool? {
        switch self {
        case .all(let parts):
            let verdicts = parts.map { $0.verdict(event) }
            return verdicts.contains(false) ? false : verdicts.contains(nil) ? nil : true
        case .any(let parts):
            let verdicts = parts.map { $0.verdict(event) }
            return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
        case .not(let part): return part.verdict(event).map { !$0 }
        case .order(.event, .isIn(let names)): return names.contains(event)
        case .order(.event, .contains(let part)): return RuleText.contains(event, part)
        case .order(.event, .matches(let pattern)): return RuleText.matches(event, pattern)
        case .order(.event, .exists(let wanted)): return wanted
        default: return nil
        }
    }
}
