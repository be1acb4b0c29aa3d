internal import OrderCore
internal import Postgres

/// The rows of orders and stock, as marked by the working set.
extension Store {
    func writeOrders(_ set: WorkingSet, _ flight: inout WriteFlight) {
        let numbers = set.orders.keys.sortedByBytes()
        let states = numbers.compactMap { set.orders[$0] }
        let new = emptyColumns(Order.table.insert.name, Order.table.columns)
        let changed = emptyColumns(Order.table.update.name, Order.table.columns)
        for state in states {
            switch state.mark {
            case .stored: break
            case .inserted: new.append(state.order)
            case .updated: changed.append(state.order)
            }
        }
        flight.add(Order.table.insert, new)
        flight.add(Order.table.update, changed)
        write(states, &flight) { $0.contact }
        write(states, &flight) { $0.lines }
        write(states, &flight) { $0.facts }
        write(states, &flight) { $0.requests }
        write(states, &flight) { $0.holds }
        write(states, &flight) { $0.fulfilments }
        write(states, &flight) { $0.fulfilmentLines }
        write(states, &flight) { $0.parcels }
    }

    private func write<Row: StoredRow>(
        _ states: [OrderState], _ flight: inout WriteFlight, _ rows: (OrderState) -> OrderCore.Rows<Row>
    ) {
        let table = Row.table
        let new = emptyColumns(table.insert.name, table.columns)
        let changed = emptyColumns(table.update.name, table.columns)
        for state in states {
            let owner = table.isOwned ? state.order.number : nil
            let rows = rows(state)
            rows.forEach(marked: .inserted) { new.append($0, of: owner) }
            rows.forEach(marked: .updated) { changed.append($0, of: owner) }
        }
        flight.add(table.insert, new)
        flight.add(table.update, changed)
    }

    /// Returns the SKUs of which more can be promised than before.
    func writeStock(_ batch: BatchWrite, _ flight: inout WriteFlight) -> Set<String> {
        var risen: Set<String> = []
        let table = StockLevel.table
        let new = emptyColumns(table.insert.name, table.columns)
        let changed = emptyColumns(table.update.name, table.columns)
        for level in batch.workingSet.stock.changed {
            if level.isNew { new.append(level.after) } else { changed.append(level.after) }
            if level.after.available > max(0, level.before.available) { risen.insert(level.after.key.sku) }
        }
        flight.add(table.insert, new)
        flight.add(table.update, changed)
        let days = emptyColumns(WarehouseDayRow.change.name, WarehouseDayRow.table.columns)
        for (day, change) in batch.workingSet.work.changed { days.append(WarehouseDayRow(day: day, change: change)) }
        flight.add(WarehouseDayRow.change, days)
        let journal = emptyColumns(StockMovement.table.insert.name, StockMovement.table.columns)
        for movement in batch.changes.movements { journal.append(movement) }
        flight.add(StockMovement.table.insert, journal)
        return risen.union(batch.changes.givenUp)
    }
}
