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
        write(states, \.contact, &flight)
        write(states, \.lines, &flight)
        write(states, \.facts, &flight)
        write(states, \.requests, &flight)
        write(states, \.holds, &flight)
        write(states, \.fulfilments, &flight)
        write(states, \.fulfilmentLines, &flight)
        write(states, \.parcels, &flight)
    }

    private func write<Row: StoredRow>(
        _ states: [OrderState], _ rows: KeyPath<OrderState, OrderCore.Rows<Row>>, _ flight: inout WriteFlight
    ) {
        let table = Row.table
        let new = emptyColumns(table.insert.name, table.columns)
        let changed = emptyColumns(table.update.name, table.columns)
        for state in states {
            let owner = table.isOwned ? state.order.number : nil
            for row in state[keyPath: rows].rows(marked: .inserted) { new.append(row, of: owner) }
            for row in state[keyPath: rows].rows(marked: .updated) { changed.append(row, of: owner) }
        }
        flight.add(table.insert, new)
        flight.add(table.update, changed)
    }

    func writeStock(_ batch: BatchWrite, _ flight: inout WriteFlight) {
        let table = StockLevel.table
        let new = emptyColumns(table.insert.name, table.columns)
        let changed = emptyColumns(table.update.name, table.columns)
        for level in batch.workingSet.stock.changed {
            if level.isNew { new.append(level.after) } else { changed.append(level.after) }
        }
        flight.add(table.insert, new)
        flight.add(table.update, changed)
        let journal = emptyColumns(StockMovement.table.insert.name, StockMovement.table.columns)
        for movement in batch.changes.movements { journal.append(movement) }
        flight.add(StockMovement.table.insert, journal)
    }
}
