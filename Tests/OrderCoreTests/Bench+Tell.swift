import OrderCore
import OrderSimulator

/// Said and decided at once: a batch of one each.
extension Bench {
    @discardableResult
    mutating func place(
        _ number: String = "web/1", _ lines: [OrderPlaced.Line] = [.of("A", 2, at: 100)], term: PaymentTerm? = nil,
        edit: (inout OrderPlaced) -> Void = { _ in }
    ) -> Outcome {
        feed(placing(number, lines, term: term, edit: edit))
    }

    @discardableResult
    mutating func pay(_ amount: Int64, _ number: String = "web/1", _ transaction: String = "T1") -> Outcome {
        feed(paying(.captured, number, amount, transaction))
    }

    @discardableResult
    mutating func report(
        _ kind: FulfilmentReport.Kind, _ number: String = "web/1", from warehouse: String? = "N",
        parcel: String? = nil, _ lines: [Int64: Int64] = [:], document: String? = nil
    ) -> Outcome {
        feed(reporting(kind, number, from: warehouse, parcel: parcel, lines, document: document))
    }

    @discardableResult
    mutating func report(
        _ kind: FulfilmentReport.Kind, from warehouse: String? = "N", _ lines: [Int64: Int64], document: String
    ) -> Outcome {
        report(kind, "web/1", from: warehouse, lines, document: document)
    }

    @discardableResult
    mutating func ship(
        _ parcel: String = "P1", _ lines: [Int64: Int64] = [:], _ number: String = "web/1", from warehouse: String = "N"
    ) -> Outcome {
        report(.shipped, number, from: warehouse, parcel: parcel, lines)
    }

    @discardableResult
    mutating func deliver(_ parcel: String = "P1", _ number: String = "web/1", from warehouse: String = "N") -> Outcome
    {
        report(.delivered, number, from: warehouse, parcel: parcel)
    }

    @discardableResult
    mutating func ask(_ kind: OrderRequest.Kind, _ number: String = "web/1", id: String = "1") -> Outcome {
        feed(asking(kind, number, id: id))
    }

    @discardableResult
    mutating func command(_ action: StaffCommand.Action, _ number: String = "web/1") -> Outcome {
        feed(commanding(action, number))
    }

    mutating func count(_ sku: String, _ warehouse: String, _ quantity: Int64, at time: Timestamp? = nil) {
        feed(stocking(.counted, sku, warehouse, quantity, at: time))
    }

    @discardableResult
    mutating func produce(_ line: Int64, _ quantity: Int64, document: String = "D1", in warehouse: String = "N")
        -> Outcome
    {
        let done = ProductionDone(
            orderNumber: "web/1", line: line, quantity: quantity, warehouse: warehouse, document: document,
            occurredAt: now)
        return feed(
            message(.productionDone(done), key: "production \(document)", content: done.hashValue, source: "erp"))
    }

    /// Lets a timer fall due and fire; `nil` where none is set.
    @discardableResult
    mutating func fire(_ kind: Timer.Kind, _ number: String = "web/1", _ reference: String? = nil) -> Outcome? {
        let found = timers.first { key, _ in
            key.kind == kind && key.orderNumber == number && (reference == nil || key.reference == reference)
        }
        guard let (key, timer) = found else { return nil }
        timers[key] = nil
        now = max(now, timer.dueAt)
        return feed(firing(timer))
    }

    /// Fires a timer that a store sets by itself.
    @discardableResult
    mutating func fire(own kind: Timer.Kind, _ number: String = "web/1", _ reference: String = "") -> Outcome {
        let timer = Timer(kind: kind, orderNumber: number, reference: reference, dueAt: now)
        return feed(message(.timer(timer), content: 0, source: "timer", sender: .system))
    }

    /// What a store does with stock that has less than is promised: the newest unshipped orders lose it.
    mutating func runTakeAways() {
        let keys = takeAways
        takeAways = []
        for key in keys {
            for number in placed.reversed() where (set.stock[key]?.missing ?? 0) > 0 {
                fire(own: .takeAway, number, key.subject)
            }
        }
    }
}
