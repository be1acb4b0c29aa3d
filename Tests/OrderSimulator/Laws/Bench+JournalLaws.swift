import OrderCore

/// Every change of an order stands in its journal, and is one that the state machine allows (`P8`).
extension Bench {
    mutating func journalLaws(_ changes: Changes) -> [String] {
        var found: [String] = []
        for entry in changes.journal {
            var problems = entryLaws(entry, books.folded[entry.orderNumber]?.entries.last)
            if entry.from != .cancelled, entry.to == .cancelled, let before = books.folded[entry.orderNumber]?.order,
                isPaymentTimer(entry), isPaid(before)
            {
                problems.append("ended for want of money, and is paid")
            }
            let (added, faults) = books.folded[entry.orderNumber, default: Folded()].add(entry, isEdit: isEdit(entry))
            problems += faults
            if let after = books.folded[entry.orderNumber] {
                if entry.from != entry.to { problems += arrivalLaws(entry, added, after) }
                problems += requestLaws(added, after) + rejectionLaws(added, after)
                problems += chargeBackLaws(entry, added, after) + totalLaws(entry, added, after)
            }
            found += problems.map { "\(entry.orderNumber) version \(entry.version): \($0)" }
        }
        return found
    }

    private mutating func entryLaws(_ entry: JournalEntry, _ last: Folded.Entry?) -> [String] {
        var found: [String] = []
        if entry.version != (last?.version ?? 0) + 1 { found.append("a version is missing") }
        if entry.from != last?.to { found.append("the journal's statuses do not join") }
        if entry.why.isEmpty { found.append("it does not say why") }
        if entry.by.isEmpty { found.append("it does not say who") }
        if entry.at != now { found.append("it does not say when") }
        let head = entry.rows.compactMap { if case .order(let order) = $0 { order } else { nil } }
        if head.map(\.version) != [entry.version] || head.map(\.status) != [entry.to] {
            found.append("it is not headed by the order as it stands after")
        }
        guard let cause = books.said[entry.cause] else { return found + ["nobody said what caused it"] }
        let trigger = Machine.trigger(cause.payload)
        if !Machine.allows(entry.from, entry.to, on: trigger) {
            found.append("\(entry.from.map { "\($0)" } ?? "nothing") to \(entry.to) is not allowed on \(trigger)")
        }
        if trigger == .placed, entry.from == nil || entry.from == .rejected {
            if entry.to == .rejected {
                books.folded[entry.orderNumber, default: Folded()].rejected += 1
            } else {
                books.folded[entry.orderNumber, default: Folded()].accepted += 1
            }
        }
        return found
    }

    /// What has to be so when an order comes to a status.
    private func arrivalLaws(_ entry: JournalEntry, _ added: Folded.Added, _ after: Folded) -> [String] {
        guard let order = after.order else { return ["it has no head"] }
        // Those that this message opened by going on are no obstacle to its going on.
        let obstacles = after.holds.values.filter { $0.isOpen && !added.holds.contains($0.number) }
        var found: [String] = []
        switch entry.to {
        case .released:
            if !obstacles.isEmpty { found.append("released with an open hold") }
            if !order.isValidated { found.append("released unchecked") }
            if !isPaid(order) { found.append("released unpaid") }
            if let releaseAt = order.releaseAt, releaseAt > now { found.append("released before its time") }
            if let shipsFrom = order.shipsFrom, shipsFrom > now { found.append("released before its presale is over") }
            if policy(of: order).releaseDelay > 0, order.releaseAt == nil { found.append("released without delay") }
            for line in after.lines.values where line.type != .virtual {
                let carried = after.fulfilmentLines.values.filter { $0.key.line == line.number }
                if carried.reduce(0, { $0 + $1.open }) < line.open { found.append("released with a line nowhere") }
            }
        case .completed:
            if !after.holds.values.allSatisfy({ !$0.isOpen }) { found.append("completed with an open hold") }
            let isOwed = order.paymentTerm == .online || order.paymentTerm == .cashOnDelivery
            if isOwed, order.money.captured < order.due - policy(of: order).paymentTolerance, !after.isWrittenOff {
                found.append("completed unpaid")
            }
            if order.kind == .internal, order.receivedAt == nil { found.append("completed unreceived") }
            if order.kind == .internal, policy(of: order).reviewWindow > 0, !order.isReviewDone {
                found.append("completed unreviewed")
            }
        case .cancelled: if order.receivedAt != nil { found.append("ended after the buyer had it") }
        case .awaitingReview: if order.receivedAt == nil { found.append("to be reviewed, but not received") }
        default: break
        }
        return found
    }

    /// Staff wanted other lines, before anything was handed over.
    private func isEdit(_ entry: JournalEntry) -> Bool {
        guard case .command(let command) = books.said[entry.cause]?.payload, case .editLines = command.action else {
            return false
        }
        return entry.from?.isBeforeRelease ?? false
    }

    private func isPaymentTimer(_ entry: JournalEntry) -> Bool {
        books.said[entry.cause].map { Machine.trigger($0.payload) == .paymentTimer } ?? false
    }

    private func isPaid(_ order: Order) -> Bool {
        guard order.paymentTerm == .online else { return true }
        let policy = policy(of: order)
        let promised = policy.capture == .gateway ? 0 : order.money.authorized
        return order.money.received + promised >= order.due - policy.paymentTolerance
    }

    func policy(of order: Order) -> StorePolicy { set.reference.policy(of: order.seller, kind: order.kind) }

    /// A total so far is no more than that, whatever was told before.
    private func totalLaws(_ entry: JournalEntry, _ added: Folded.Added, _ after: Folded) -> [String] {
        guard !added.parcels.isEmpty, case .fulfilment(let report) = books.said[entry.cause]?.payload,
            report.isCumulative
        else { return [] }
        return added.parcels.filter { !$0.fulfilment.isEmpty }.flatMap { parcel in
            parcel.lines.filter { line in
                let all = after.parcels.values.filter { $0.fulfilment == parcel.fulfilment }.reduce(0) { sum, parcel in
                    zip(parcel.lines, parcel.quantities).reduce(sum) { $1.0 == line ? $0 + $1.1 : $0 }
                }
                return report.lines.contains { $0.line == line && $0.quantity != all }
            }
        }.map { "line \($0): another total left than was told" }
    }

    /// What a warehouse won't do, or is short of, is never given to it again.
    private func rejectionLaws(_ added: Folded.Added, _ after: Folded) -> [String] {
        guard !added.parts.isEmpty else { return [] }
        let short = after.holds.values.filter { $0.reason == .shortShipped }.compactMap(\.path)
        let refusers = after.fulfilments.values.filter { $0.state == .rejected || short.contains($0.id) }.map(
            \.warehouse)
        return added.parts.filter { part in
            let warehouse = after.fulfilments[part.key.fulfilment]?.warehouse ?? ""
            return after.lines[part.key.line]?.type == .physical && refusers.contains(warehouse)
                && added.refuser != warehouse && added.goesOnIn != warehouse
        }.map { "line \($0.key.line) is given to a warehouse that has refused part of the order" }
    }
}

extension Folded {
    /// People have closed the hold on money that does not come.
    var isWrittenOff: Bool {
        holds.values.contains {
            ($0.reason == .captureFailed || $0.reason == .codUnsettled)
                && ($0.closing == .released || $0.closing == .overridden)
        }
    }
}
