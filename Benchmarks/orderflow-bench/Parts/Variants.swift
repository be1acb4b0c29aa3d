/// Loads of one kind, each once and again.
struct Variants {
    private var orders: [Run] = []
    private var callbacks: [Run] = []

    init(_ session: Session, rounds: Int, orders count: Int) throws {
        let placed = session.workload(.ordersOnly, orders: count)
        let told = session.workload(.callbacksOnly, orders: count)
        for round in 1...max(rounds, 1) {
            orders.append(try session.run(.ours, placed, "orders only, round \(round)"))
            callbacks.append(try session.run(.ours, told, "callbacks only, round \(round)"))
        }
    }

    var section: Report.Section {
        var section = Report.Section(title: "Orders only, callbacks only")
        section.note = "Callbacks are told about orders that were stored before the clock started."
        section.figures = [
            Figure("orders_only.orders", "orders only: orders/s", .absolute, orders.map(\.ordersPerSecond)),
            Figure(
                "callbacks_only.messages", "callbacks only: messages/s", .absolute, callbacks.map(\.messagesPerSecond)),
        ]
        return section
    }
}

extension Pairs {
    /// Two loads or set-ups of ours side by side.
    func section(_ title: String, _ first: (name: String, title: String), _ second: (name: String, title: String))
        -> Report.Section
    {
        var section = Report.Section(title: title)
        section.figures = [
            Figure(
                "\(first.name).messages", "\(first.title): messages/s", .absolute,
                self.first.map(\.messagesPerSecond)),
            Figure(
                "\(second.name).messages", "\(second.title): messages/s", .absolute,
                self.second.map(\.messagesPerSecond)),
        ]
        return section
    }
}
