import OrderCore

/// Each message has one outcome: its whole effect, or none, or it waits and somebody hears of it (`P1`, `P2`, `P3`).
extension Bench {
    func outcomeLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        var last: [MessageIdentity: Outcome] = [:]
        for (identity, outcome) in changes.outcomes { last[identity] = outcome }
        let causes = Set(changes.journal.map(\.cause))
        for (identity, outcome) in last {
            let key = books.said[identity]?.businessKey
            switch outcome {
            case .done, .refused:
                if let key, set.businessKeys[key] == nil { found.append("\(key) would take effect again") }
                if case .refused = outcome, case .request = books.said[identity]?.payload,
                    !changes.events.contains(where: {
                        $0.cause == identity && $0.payload.name == "order.cancel_refused"
                    })
                {
                    found.append("\(identity.text) was refused, and nobody heard of it")
                }
            case .parked, .conflict, .dead:
                // The end of a wait that people have heard of is one: its hold closes.
                if causes.contains(identity), !books.heardOf.contains(identity.text) {
                    found.append("\(identity.text) had an effect, and is \(outcome)")
                }
            }
        }
        if Set(changes.businessKeys.map(\.key)).count != changes.businessKeys.count {
            found.append("a business key was taken twice")
        }
        return found
    }

    /// What waits is kept, and is heard of when it waits for too long.
    func waitingLaws() -> [String] {
        var found: [String] = []
        var count = 0
        func check(_ number: String, _ facts: [Parked]) {
            for fact in facts {
                count += 1
                let identity = fact.message.identity
                if outcomes[identity]?.isParked != true { found.append("\(identity.text) waits, and is settled") }
                let key = TimerKey(kind: .parkedTooLong, orderNumber: number, reference: identity.text)
                if timers[key] == nil, !books.heardOf.contains(identity.text) {
                    found.append("nobody will hear that \(identity.text) waits")
                }
            }
        }
        for (number, state) in set.orders { check(number, state.parked) }
        for (number, facts) in set.orphans { check(number, facts) }
        let waiting = outcomes.values.reduce(0) { $1.isParked ? $0 + 1 : $0 }
        if waiting != count { found.append("\(waiting) messages were parked, \(count) are there") }
        return found
    }
}
