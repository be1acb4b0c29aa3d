/// How long anything waits (timing): by the first rule that has a time for it, else by the policy of the order's seller.
extension Decider {
    /// Begins to wait: what a rule says of it is written down.
    mutating func wait(_ timing: RuleTiming, _ state: OrderState) -> Int64 {
        let (seconds, rule) = askTiming(timing, state)
        if let rule { note(rule, "\(timing.rawValue) of \(seconds) s", subject(state)) }
        return seconds
    }

    /// How long it would wait, for questions that are asked again and again.
    func waiting(_ timing: RuleTiming, _ state: OrderState) -> Int64 { askTiming(timing, state).seconds }

    private func askTiming(_ timing: RuleTiming, _ state: OrderState) -> (seconds: Int64, rule: Rule?) {
        for rule in rules(.timing, state) {
            for case .wait(timing, let seconds) in rule.actions { return (seconds, rule) }
        }
        return (policy(state)[keyPath: timing.path], nil)
    }
}

extension RuleTiming {
    /// The policy's time, in seconds, that a rule may set.
    fileprivate var path: KeyPath<StorePolicy, Int64> {
        switch self {
        case .paymentTimeout: \.paymentTimeout
        case .releaseDelay: \.releaseDelay
        case .autoReceiveAfterDelivery: \.autoReceiveAfterDelivery
        case .autoReceiveAfterShipping: \.autoReceiveAfterShipping
        case .reviewWindow: \.reviewWindow
        case .noAnswerAfter: \.noAnswerAfter
        case .handOverInDoubtAfter: \.handOverInDoubtAfter
        }
    }
}
