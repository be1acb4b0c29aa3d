import OrderCore

/// The promises that hold after every batch, whatever was in it (`P2`, `P3`, `P4`, `P5`, `P6`, `P8`).
extension Bench {
    /// Checks what a batch has written, then every order that it touched.
    mutating func check(_ changes: Changes, _ touched: Set<String>, _ stock: [(before: StockLevel, after: StockLevel)])
    {
        broken +=
            handOverLaws(changes) + wayLaws(changes) + amendLaws(changes) + deductionLaws(changes)
            + journalLaws(changes)
            + eventLaws(changes) + outcomeLaws(changes)
        broken +=
            workLaws() + collectLaws(changes) + sharedCashLaws(changes) + sameCashLaws(changes) + waitingLaws()
            + stockLaws(changes, stock)
        for number in touched.sorted() {
            guard let state = set.orders[number] else { continue }
            let problems =
                (books.folded[number]?.differences(from: state) ?? ["no journal"]) + lineLaws(state)
                + moneyLaws(state) + settlementLaws(state) + statusLaws(state) + toldLaws(state) + phantoms(state)
                + splitLaws(state) + placeLaws(state) + giftLaws(state) + cashLaws(state)
            broken += problems.map { "\(number) (\(state.order.status)): \($0)" }
        }
    }
}
