import OrderCore
import Testing

/// A whole small business in memory: what a store and a worker do around `Decider`, one batch after the other.
///
/// After every batch the laws of `Bench+Laws` are checked; what breaks them is in `broken`.
struct Bench {
    var set = WorkingSet()
    var now = Timestamp(microseconds: 1_800_000_000_000_000)
    var journal: [JournalEntry] = []
    var events: [Event] = []
    var movements: [StockMovement] = []
    var conflicts: [Conflict] = []
    var timers: [TimerKey: Timer] = [:]
    var takeAways: [StockKey] = []
    var stockToTell: Set<StockKey> = []
    var checkpoints: [TrackingCheckpoint] = []
    var outcomes: [MessageIdentity: Outcome] = [:]
    var folded: [String: Folded] = [:]
    var numbers: [String: Int64] = [:]
    var stockSums: [StockKey: StockSum] = [:]
    var placed: [String] = []
    var broken: [String] = []
    var messageCount = 0
    /// Events are numbered within it.
    var epoch: Int64 = 1
    /// How far the clock goes on with each batch.
    var secondsPerBatch: Int64 = 1

    /// A bench with a shop `web`, a partner `tm`, warehouses `N` and `S` and a few products in stock in `N`.
    init(_ policy: (inout StorePolicy) -> Void = { _ in }, stock: [String: Int64] = ["A": 100, "B": 100, "C": 100]) {
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

    /// Decides a batch, then checks the laws.
    @discardableResult
    mutating func feed(_ messages: [Message]) -> [Outcome] {
        now = now.adding(seconds: secondsPerBatch)
        var decider = Decider(set, now: now, epoch: epoch)
        let answers = messages.map { decide($0, by: &decider) }
        decider.finish()
        absorb(decider)
        return answers
    }

    private mutating func decide(_ message: Message, by decider: inout Decider) -> Outcome {
        let (moved, told) = (decider.changes.movements.count, decider.changes.outcomes.count)
        let outcome = decider.decide(message)
        // More outcomes than one: it has let parked facts through.
        if decider.changes.outcomes.count == told + 1 {
            broken += stockLaws(message, decider.changes.movements.dropFirst(moved))
        }
        return outcome
    }

    /// Decides a batch of one.
    @discardableResult
    mutating func feed(_ message: Message) -> Outcome {
        feed([message])[0]
    }

    /// What a store would write, and read again for the next batch.
    private mutating func absorb(_ decider: Decider) {
        let changes = decider.changes
        set = decider.set
        journal += changes.journal
        placed += changes.journal.filter { $0.version == 1 }.map(\.orderNumber)
        events += changes.events
        movements += changes.movements
        conflicts += changes.conflicts
        takeAways += changes.takeAways
        stockToTell.formUnion(changes.stockToTell)
        checkpoints += changes.checkpoints.map(\.checkpoint)
        for key in changes.timersDropped { timers[key] = nil }
        for timer in changes.timersSet {
            timers[TimerKey(kind: timer.kind, orderNumber: timer.orderNumber ?? "", reference: timer.reference)] = timer
        }
        for (identity, outcome) in changes.outcomes { outcomes[identity] = outcome }
        let touched = Set(changes.journal.map(\.orderNumber))
        for (number, state) in set.orders where touched.contains(number) || !state.parked.isEmpty {
            set.orders[number] = state.reloaded
        }
        for (number, facts) in set.orphans { set.orphans[number] = facts.map(\.stored) }
        set.stock = set.stock.reloaded(keys: Set(stockSums.keys).union(changes.movements.map(\.key)))
        check(changes, touched)
    }

    /// Fails the test where a law was broken; every test ends with it.
    func verify(_ location: SourceLocation = #_sourceLocation) {
        for problem in broken { Issue.record("\(problem)", sourceLocation: location) }
    }
}

/// What the stock journal sums to.
struct StockSum: Equatable {
    var onHand: Int64 = 0
    var reserved: Int64 = 0
    var missing: Int64 = 0
}

extension OrderState {
    /// As it would be read again from a database.
    var reloaded: OrderState {
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

extension StockSet {
    fileprivate func reloaded(keys: Set<StockKey>) -> StockSet {
        var copy = StockSet()
        for key in keys.sorted() { if let level = self[key] { copy.load(level) } }
        return copy
    }
}
