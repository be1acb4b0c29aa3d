internal import OrderCore

/// Reads `then:`: the actions of a rule, by their keys.
struct ActionReader {
    /// Of the rule; nil where it could not be read.
    let phase: RulePhase?
    /// What is said of an order where the rule says nothing itself.
    let title: String
    let context: RuleContext

    func read(_ node: RuleNode) -> [RuleAction] {
        guard let members = node.members() else { return [] }
        if members.isEmpty { node.error("expected at least one action") }
        let given = Set(members.map(\.name))
        return members.flatMap { name, value -> [RuleAction] in
            let known = RuleActionKind.allCases.filter { kind in phase.map { kind.phases.contains($0) } ?? true }
            guard let kind = RuleActionKind(rawValue: name) else {
                value.keyError(Spelling.unknown("action", name, among: known.map(\.rawValue)))
                return []
            }
            if let phase, !known.contains(kind) {
                let phases = kind.phases.map(\.rawValue).joined(separator: ", ")
                value.keyError("`\(name)` is no action of phase \(phase.rawValue): it is one of \(phases)")
                return []
            }
            if kind == .approve || kind == .reject, given.contains("hold") {
                value.keyError("`\(name)` and `hold` exclude each other")
            }
            return read(kind, value)
        }
    }

    private func read(_ kind: RuleActionKind, _ node: RuleNode) -> [RuleAction] {
        switch kind {
        case .reject: reject(node).map { [$0] } ?? []
        case .hold: hold(node).map { [$0] } ?? []
        case .approve: approve(node)
        case .gift: gift(node).map { [.gift($0)] } ?? []
        case .source: source(node).map { [.source($0)] } ?? []
        case .backorder: backorder(node).map { [.backorder($0)] } ?? []
        case .split: split(node).map { [.split($0)] } ?? []
        case .merge: node.duration().map { [.merge(windowSeconds: $0)] } ?? []
        case .carrier: carrier(node).map { [.carrier($0)] } ?? []
        case .tell: receivers(node).map { .tell(receiver: $0) }
        case .leaveOut: receivers(node).map { .leaveOut(receiver: $0) }
        case .redirect: redirect(node)
        case .wait: waits(node)
        }
    }

    private func reject(_ node: RuleNode) -> RuleAction? {
        guard node.isMapping else { return node.text().map { .reject(detail: $0) } }
        guard let members = node.members(["detail"]) else { return nil }
        return .reject(detail: members["detail"]?.text() ?? title)
    }

    private func hold(_ node: RuleNode) -> RuleAction? {
        guard node.isMapping else { return reason(node).map { .hold($0, detail: title) } }
        guard let members = node.members(["reason", "detail"]) else { return nil }
        let detail = members["detail"]?.text() ?? title
        if let given = members["reason"] { return reason(given).map { .hold($0, detail: detail) } }
        if phase == .validate { return .hold(.ruleViolated, detail: detail) }
        node.keyError("a hold says its `reason`")
        return nil
    }

    private func reason(_ node: RuleNode) -> HoldReason? {
        guard let text = node.text() else { return nil }
        let allowed = HoldReason.reasons(of: phase)
        if let reason = HoldReason(rawValue: text), allowed.contains(reason) { return reason }
        let names = allowed.map(\.rawValue)
        switch HoldReason(rawValue: text) {
        case .ruleViolated?: node.error("`\(text)` is a reason of validate rules alone")
        case .some: node.error("`\(text)` is a reason that the flow finds itself: no rule gives it")
        case nil: node.error(Spelling.unknown("reason", text, among: names))
        }
        return nil
    }

    private func approve(_ node: RuleNode) -> [RuleAction] {
        guard let flag = node.flag() else { return [] }
        if !flag { node.error("a rule approves, or it says nothing of it: `approve: true`") }
        return flag ? [.approve] : []
    }

    private func carrier(_ node: RuleNode) -> String? {
        guard let code = node.text() else { return nil }
        context.checkCarrier(code, node)
        return code
    }

    private func receivers(_ node: RuleNode) -> [String] {
        node.listOrOne().compactMap(receiver)
    }

    private func receiver(_ node: RuleNode) -> String? {
        guard let name = node.text() else { return nil }
        guard Self.isReceiver(name) else {
            node.error(
                "`\(name)` can't be a receiver: it begins routing keys, so it has letters, digits, - and _, and no dot")
            return nil
        }
        return name
    }

    private static func isReceiver(_ name: String) -> Bool {
        name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) || (48...57).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    /// `{wms: wms-north}`
    private func redirect(_ node: RuleNode) -> [RuleAction] {
        guard let members = node.members() else { return [] }
        if members.isEmpty { node.error("expected who hears in whose place, as {wms: wms-north}") }
        return members.compactMap { name, value in
            guard let to = receiver(value) else { return nil }
            guard Self.isReceiver(name), !name.isEmpty else {
                value.keyError("`\(name)` can't be a receiver")
                return nil
            }
            return .redirect(from: name, to: to)
        }
    }

    /// `{paymentTimeout: {minutes: 45}}`
    private func waits(_ node: RuleNode) -> [RuleAction] {
        guard let members = node.members() else { return [] }
        if members.isEmpty { node.error("expected what waits how long, as {paymentTimeout: {minutes: 45}}") }
        return members.compactMap { name, value in
            guard let timing = RuleTiming(rawValue: name) else {
                value.keyError(Spelling.unknown("timing", name, among: RuleTiming.keys))
                return nil
            }
            return value.duration(atLeast: timing.mayBeZero ? 0 : 1).map { .wait(timing, seconds: $0) }
        }
    }
}

extension RuleTiming {
    /// No delay at all, no reviews at all.
    fileprivate var mayBeZero: Bool { self == .releaseDelay || self == .reviewWindow }
}

extension HoldReason {
    /// What rules of a phase may hold an order for.
    static func reasons(of phase: RulePhase?) -> [HoldReason] {
        allCases.filter { $0.isGivenByRules && (phase != .review || $0 != .ruleViolated) }
    }
}
