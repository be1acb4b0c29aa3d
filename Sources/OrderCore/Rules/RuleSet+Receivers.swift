extension EventPayload {
    /// Whether a receiver is of a kind: `wms`, and of those of its own queue `wms-north`.
    public static func isReceiver(_ name: String, of kind: String) -> Bool {
        name == kind || name.hasPrefix(kind + "-")
    }
}

extension RuleSet {
    /// The receivers that its output rules name, those of the wire contract too.
    public var receivers: Set<String> {
        var names: Set<String> = []
        for rule in rules where rule.isEnabled {
            for action in rule.actions {
                switch action {
                case .tell(let receiver), .redirect(_, let receiver): names.insert(receiver)
                default: break
                }
            }
        }
        return names
    }
}
