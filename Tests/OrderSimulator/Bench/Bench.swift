package import OrderCore

/// A whole small business in memory: what a store and a worker do around `Decider`, one batch after the other.
///
/// After every batch the laws are checked; what breaks them is in `broken`.
package struct Bench: Sendable {
    // What a store keeps.
    package var set = WorkingSet()
    package var now = Timestamp(microseconds: 1_800_000_000_000_000)
    package var journal: [JournalEntry] = []
    package var events: [Event] = []
    package var movements: [StockMovement] = []
    package var conflicts: [Conflict] = []
    package var decisions: [RuleDecision] = []
    package var timers: [TimerKey: Timer] = [:]
    package var takeAways: [StockKey] = []
    package var stockToTell: Set<StockKey> = []
    package var checkpoints: [TrackingCheckpoint] = []
    package var outcomes: [MessageIdentity: Outcome] = [:]
    /// The numbers of the orders, oldest first.
    package var placed: [String] = []

    // What the laws compare it with.
    package var books = Books()
    package var broken: [String] = []

    package var messageCount = 0
    /// Events are numbered within it.
    package var epoch: Int64 = 1
    /// How far the clock goes on with each batch.
    package var secondsPerBatch: Int64 = 1

    /// A bench with a shop `web`, a partner `tm`, warehouses `N` and `S` and a few products in stock in `N`.
    package init(
        _ policy: (inout StorePolicy) -> Void = { _ in }, stock: [String: Int64] = ["A": 100, "B": 100, "C": 100]
    ) {
        var web = Seller(.internal, code: "web")
        policy(&web.policy)
        set.reference.sellers[web.key] = web
        var tm = Seller(.external, code: "tm")
        let onInvalid = tm.policy.onInvalid
        policy(&tm.policy)
        tm.policy.onInvalid = onInvalid
        set.reference.sellers[tm.key] = tm
        set.reference.warehouses["N"] = Warehouse(code: "N", priority: 1)
        set.reference.warehouses["S"] = Warehouse(code: "S", priority: 2)
        for sku in ["A", "B", "C"] { set.reference.products[sku] = Product(sku: sku) }
        set.reference.products["V"] = Product(sku: "V", type: .virtual)
        set.reference.products["M"] = Product(sku: "M", type: .madeToOrder)
        for (sku, quantity) in stock.sorted(by: { $0.key < $1.key }) { receive(sku, "N", quantity) }
    }

    /// Lets the business follow rules, as version 12 of them.
    package mutating func follow(_ rules: [Rule], _ edit: (inout RuleSet) -> Void = { _ in }) {
        var written = RuleSet(label: "v12")
        written.rules = rules
        edit(&written)
        set.reference.rules = RuleBook(written)
    }

    /// Decides a batch, then checks the laws.
    @discardableResult
    package mutating func feed(_ messages: [Message]) -> [Outcome] {
        now = now.adding(seconds: secondsPerBatch)
        let (answers, decided, changes) = decideAll(messages)
        set = decided
        absorb(changes)
        return answers
    }

    /// Decides a batch of one.
    @discardableResult
    package mutating func feed(_ message: Message) -> Outcome {
        feed([message])[0]
    }

    /// Decides a batch that is lost before it is committed: nothing of it may stay.
    package func lose(_ messages: [Message]) {
        var set = set
        set.queue = queue
        set.reservedBy = reservedBySeller
        var decider = Decider(set, now: now, epoch: epoch)
        for message in messages { decider.decide(message) }
        decider.finish()
    }

    private mutating func decideAll(_ messages: [Message]) -> ([Outcome], WorkingSet, Changes) {
        set.queue = queue
        set.reservedBy = reservedBySeller
        var decider = Decider(takeSet(), now: now, epoch: epoch)
        var answers: [Outcome] = []
        for message in messages { answers.append(decide(message, by: &decider)) }
        decider.finish()
        return (answers, decider.set, decider.changes)
    }

    /// Given away, so that it is changed in its place.
    private mutating func takeSet() -> WorkingSet {
        defer { set = WorkingSet() }
        return set
    }

    private mutating func decide(_ message: Message, by decider: inout Decider) -> Outcome {
        if books.contradicts(message) {
            decider.contradict(message)
            return .conflict("another content under the same identity")
        }
        books.hear(message)
        let queue = decider.set.queue
        let known = message.payload.orderNumbers.first.flatMap { decider.set.orders[$0]?.order }
        let (moved, told) = (decider.changes.movements.count, decider.changes.outcomes.count)
        let outcome = decider.decide(message)
        // More outcomes than one: it has let parked facts through.
        if decider.changes.outcomes.count == told + 1 {
            broken += stockLaws(
                message, decider.changes.movements.dropFirst(moved),
                gifts: decider.set.reference.rules.gifts.map(\.gift.sku))
            broken += shareLaws(decider.changes.movements.dropFirst(moved), decider.set)
            broken += turnLaws(decider.changes.movements.dropFirst(moved), decider.set, known, queue)
        }
        return outcome
    }

    /// What a store would write, and read again for the next batch.
    private mutating func absorb(_ changes: Changes) {
        journal += changes.journal
        placed += changes.journal.filter { $0.version == 1 }.map(\.orderNumber)
        events += changes.events
        movements += changes.movements
        conflicts += changes.conflicts
        decisions += changes.decisions
        takeAways += changes.takeAways
        stockToTell.formUnion(changes.stockToTell)
        checkpoints += changes.checkpoints.map(\.checkpoint)
        for key in changes.timersDropped { timers[key] = nil }
        for timer in changes.timersSet {
            timers[timer.key] = timer
        }
        for (identity, outcome) in changes.outcomes { outcomes[identity] = outcome }
        let stock = set.stock.changed
        let touched = Set(changes.journal.map(\.orderNumber))
        let parked = changes.parked.compactMap(\.message.payload.orderNumbers.first)
        for number in touched.union(parked) {
            if let state = set.orders[number] { set.orders[number] = state.reloaded }
            if let facts = set.orphans[number] { set.orphans[number] = facts.map(\.stored) }
        }
        if !stock.isEmpty { set.stock = set.stock.reloaded }
        set.work = set.work.reloaded
        check(changes, touched, stock.map { ($0.before, $0.after) })
    }
}

extension OrderState {
    /// As it would be read again from a database.
    package var reloaded: OrderState {
        var copy = OrderState(stored: order)
        copy.contact = Rows(stored: contact.all)
        copy.lines = Rows(stored: lines.all)
        copy.facts = Rows(stored: facts.all)
        copy.requests = Rows(stored: requests.all)
        copy.holds = Rows(stored: holds.all)
        copy.fulfilments = Rows(stored: fulfilments.all)
        copy.fulfilmentLines = Rows(stored: fulfilmentLines.all)
        copy.parcels = Rows(stored: parcels.all)
        copy.parked = parked.map(\.stored)
        return copy
    }
}

extension Parked {
    fileprivate var stored: Parked { Parked(message: message, waitsFor: waitsFor, isNew: false) }
}

extension WorkSet {
    fileprivate var reloaded: WorkSet {
        var copy = WorkSet()
        for day in days { copy.load(day, taken: self[day]) }
        return copy
    }
}

extension StockSet {
    fileprivate var reloaded: StockSet {
        var copy = StockSet()
        for key in keys.sorted() { if let level = self[key] { copy.load(level) } }
        return copy
    }
}
