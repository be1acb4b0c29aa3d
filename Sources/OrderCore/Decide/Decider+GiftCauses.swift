/// What becomes of gifts when goods of their order are cancelled: they go back with what earned them.
extension Decider {
    /// What was given for goods that are cancelled now, or left out if a warehouse agrees, is taken back as they are. Only
    /// the goods are looked at: a day that is over takes nothing back, nor does a rule that is no more.
    mutating func takeBackGifts(_ state: inout OrderState, _ leftOut: inout LeftOut) {
        let book = set.reference.rules
        let given = state.lines.all.filter { $0.gift != nil && $0.open > 0 }
        guard !given.isEmpty, book.has(.gift) else { return }
        let subject = subjectOfRest(state, leftOut)
        for line in given {
            guard let rule = book.rules(of: .gift).first(where: { $0.name == line.gift }),
                let gift = rule.gifts.first(where: { $0.sku == line.sku })
            else { continue }
            let isEarned = book.holds(rule.condition.ofGoods(), subject)
            let deserved = isEarned ? gift.ofGoods.units(subject, book) : 0
            guard deserved < line.open else { continue }
            takeOff(line.number, line.open - deserved, &state, &leftOut)
            why.append("\(line.open - deserved) of gift line \(line.number) taken back: its cause is cancelled")
        }
    }

    /// A warehouse has not got the goods: what was given for them is left out where it can be, and not shipped otherwise.
    mutating func leaveOutGifts(_ state: inout OrderState) {
        guard !state.order.isCancelling else { return }
        recount(&state)
        guard !state.hasOnlyGiftsLeft else { return }
        var (trial, copy, leftOut) = (self, state, LeftOut())
        trial.takeBackGifts(&copy, &leftOut)
        let parts = Set(leftOut.keys.map(\.fulfilment)).sorted()
        if refuseWhileAsked(parts.compactMap { copy.fulfilments[$0] }) != nil {
            why.append("its gifts stay: their warehouse can't be asked for another change now")
            return
        }
        (self, state) = (trial, copy)
        for id in parts { askToAmend(id, without: leftOut, &state) }
    }

    /// Gifts alone are no order. Once it was to be cancelled, its warehouses have said what they do.
    mutating func endIfOnlyGifts(_ state: inout OrderState) {
        guard state.hasOnlyGiftsLeft, !state.order.isCancelling, !state.wasCancelled, !state.order.status.isFinal else {
            return
        }
        _ = cancel(&state, reason: "only gifts are left of it")
    }

    /// The order as if only what is left of it had been placed.
    private func subjectOfRest(_ state: OrderState, _ leftOut: LeftOut) -> RuleSubject {
        var after = state
        for (part, units) in leftOut { after.lines.update(part.line) { $0.cancelled += units } }
        recount(&after)
        var subject = subject(after)
        subject.leaveOutCancelled()
        subject.lines.removeAll { $0.gift != nil }
        return subject
    }

    /// What is given to a buyer once is his as long as it stands in his order: what was given up there, or came back, may be
    /// given with another.
    ///
    /// - Parameter touched: the lines that the message in hand has touched.
    mutating func keepGifts(_ touched: [OrderLine], _ state: OrderState) {
        for name in Set(touched.compactMap(\.gift)).sorted() {
            guard let key = GiftAction.key(name, state.order.seller, state.contact.all.first?.buyer) else { continue }
            let lines = state.lines.all.filter { $0.gift == name }
            if lines.allSatisfy({ $0.cancelled + $0.returned >= $0.quantity }) {
                giveBack(BusinessKey(key: key, contentHash: state.order.contentHash, message: cause))
            } else if state.lines.hasNew(where: { $0.gift == name }), set.businessKeys[key] == nil,
                set.reference.rules.gifts.contains(where: { $0.rule == name && $0.gift.isOncePerBuyer })
            {
                set.businessKeys[key] = state.order.contentHash
                changes.businessKeys.append(
                    BusinessKey(key: key, contentHash: state.order.contentHash, message: cause))
            }
        }
    }

    private mutating func giveBack(_ key: BusinessKey) {
        if set.businessKeys[key.key] == key.contentHash { set.businessKeys[key.key] = nil }
        let place = changes.businessKeys.firstIndex { $0.key == key.key && $0.contentHash == key.contentHash }
        if let place { changes.businessKeys.remove(at: place) } else { changes.givenBack.append(key) }
    }
}

extension OrderState {
    /// Nothing of what was ordered has left or will, and something that was given is still to go.
    fileprivate var hasOnlyGiftsLeft: Bool {
        lines.all.contains { $0.gift != nil && $0.open > 0 }
            && lines.all.allSatisfy { $0.gift != nil || $0.cancelled == $0.quantity }
    }
}

extension Rule {
    /// What it gives.
    var gifts: [GiftAction] { actions.compactMap { if case .gift(let gift) = $0 { gift } else { nil } } }
}

extension GiftAction {
    /// The key under which it is known that a buyer has been given this; nil for one whom nobody knows. It does not tell who
    /// it is: FNV-1a of 64 bits, twice, over the buyer's id.
    public static func key(_ rule: String, _ seller: String, _ buyer: String?) -> String? {
        guard let buyer else { return nil }
        let bytes = Array(buyer.utf8)
        let halves = [0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4].map { (start: UInt64) in
            bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        return "gift \(rule) \(seller) " + halves.map { String($0, radix: 16) }.joined()
    }
}
