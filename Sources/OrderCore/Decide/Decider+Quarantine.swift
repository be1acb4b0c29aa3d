// An order whose rows read back impossible: nothing is decided about it before a person has looked.
extension Decider {
    /// How long a timer of such an order rests before it fires again.
    static let restSeconds: Int64 = 600

    /// What becomes of a message about an order in quarantine: facts wait, commands are refused, timers come again. None
    /// where the order is not in quarantine, or may be let out by this message.
    mutating func keepOut(_ message: Message) -> Outcome? {
        guard let number = message.payload.orderNumbers.first(where: { set.quarantined[$0] != nil }),
            let fault = set.quarantined[number]
        else { return nil }
        switch message.payload {
        // The others of a parcel see for themselves who can't go on.
        case .timer(let timer) where timer.orderNumber != number: return nil
        case .timer(var timer):
            timer.dueAt = now.adding(seconds: Self.restSeconds)
            changes.set(timer)
            return .done(note: "its order is in quarantine: it fires later")
        case .command(let command):
            if case .liftQuarantine = command.action, set.orders[number] != nil { return nil }
            return .refused("the order is in quarantine: \(fault)")
        default: return .parked(waitsFor: "quarantine")
        }
    }

    /// Puts an order that can't be read into quarantine, and tells operations.
    public mutating func quarantine(_ number: String, fault: String) {
        cause = MessageIdentity(source: "orderflow/worker", id: "quarantine")
        set.quarantined[number] = fault
        let hold = Hold(
            number: 0, reason: .impossibleTransition, detail: fault, openedAt: now, openedBy: "worker")
        alert(.holdOpened(orderNumber: number, hold), orderNumber: number)
    }

    /// An order whose rows were repaired goes on from where it is, with all that has waited for it.
    mutating func liftQuarantine(of state: inout OrderState) -> Outcome {
        guard set.quarantined.removeValue(forKey: state.order.number) != nil else {
            return .refused("the order is not in quarantine")
        }
        changes.lifted.append(state.order.number)
        why.append("out of quarantine")
        settle(&state)
        return .done
    }
}
