extension Lifecycle {
    /// How fast, and against what.
    var speed: Report.Section {
        var section = Report.Section(title: "Lifecycle mix, at saturation")
        section.figures = speed("ours", "orderflow", ours) + speed("usual", "usual worker", usual)
        section.figures.append(
            Figure("lifecycle.ratio", "orderflow against the usual worker, messages/s", .ratio, pairs.ratios))
        return section
    }

    private func speed(_ name: String, _ title: String, _ runs: [Run]) -> [Figure] {
        [
            Figure("\(name).orders", "\(title): orders/s", .absolute, runs.map(\.ordersPerSecond)),
            Figure("\(name).messages", "\(title): messages/s in", .absolute, runs.map(\.messagesPerSecond)),
            Figure("\(name).events", "\(title): events/s out, confirmed", .absolute, runs.map(\.eventsPerSecond)),
        ]
    }

    /// What broker and database leave possible.
    var limits: Report.Section {
        var section = Report.Section(title: "Limits, in the same run")
        let speeds = ours.map(\.messagesPerSecond)
        let (l1, l2) = (database.map(\.messagesPerSecond), broker.map(\.messagesPerSecond))
        section.figures = [
            Figure("l1.messages", "L1, the database alone: messages/s", .absolute, l1),
            Figure("l2.messages", "L2, the broker alone: messages/s", .absolute, l2),
            Figure("l3.messages", "L3, one after the other: messages/s", .absolute, both),
            Figure("lifecycle.against_l1", "orderflow against L1", .ratio, zip(speeds, l1).map { $0 / $1 }),
            Figure("lifecycle.against_l2", "orderflow against L2", .ratio, zip(speeds, l2).map { $0 / $1 }),
            Figure("lifecycle.against_l3", "orderflow against L3", .ratio, zip(speeds, both).map { $0 / $1 }),
        ]
        let lines = [
            ("L2, the broker alone", l2), ("L1, the database alone", l1), ("orderflow", speeds), ("L3, both", both),
            ("usual worker", usual.map(\.messagesPerSecond)),
        ]
        section.charts = [
            Chart(
                name: "pairs", title: "Messages a second, pair by pair", xTitle: "pair", yTitle: "messages/s",
                lines: lines.map { title, values in
                    let points = values.enumerated().map { Chart.Point(x: Double($0 + 1), y: $1) }
                    return Chart.Line(title: title, points: points)
                })
        ]
        return section
    }

    /// What a message costs, and whom.
    var cost: Report.Section {
        var section = Report.Section(title: "CPU time a message, and what else an order costs")
        section.note = """
            Each run begins with a checkpoint on a new copy of the template, so that WAL holds a whole image of each page that is \
            touched for the first time.
            """
        section.figures = cost("ours", "orderflow", ours) + cost("usual", "usual worker", usual)
        section.figures.append(
            Figure("cpu.worker_share", "orderflow: the worker's part of all CPU time", .ratio, ours.map(\.workerShare)))
        section.figures += [
            Figure(
                "ours.wal", "orderflow: WAL bytes an order", .absolute,
                ours.map { Double($0.walBytes) / Double($0.orders) }),
            Figure(
                "usual.wal", "usual worker: WAL bytes an order", .absolute,
                usual.map { Double($0.walBytes) / Double($0.orders) }),
            Figure(
                "ours.events_per_order", "events published an order", .absolute,
                ours.map { Double($0.events) / Double($0.orders) }),
            Figure(
                "ours.memory", "orderflow: most RSS of a worker, MB", .absolute,
                ours.map { Double($0.memory.map(\.bytes).max() ?? 0) / 1e6 }),
        ]
        return section
    }

    private func cost(_ name: String, _ title: String, _ runs: [Run]) -> [Figure] {
        let parts: [(String, String, (CPUTime) -> Double)] = [
            ("worker", "worker", \.worker), ("broker", "broker", \.broker), ("database", "database", \.database),
            ("load", "load generator", \.load),
        ]
        return parts.map { key, part, time in
            Figure(
                "\(name).cpu.\(key)", "\(title): \(part), µs a message in", .absolute,
                runs.map { $0.microsecondsPerMessage(time($0.cpu)) })
        }
    }

    /// What the worker's time goes into.
    var phases: Report.Section {
        var section = Report.Section(title: "Where the worker's time goes")
        section.note = """
            CPU time of the client, by phase, as the limits' loops take it: they have the worker's modules and no more. \
            What the worker uses beyond the sum goes into its events' envelopes and streams, its duties and waiting.
            """
        section.figures = PhaseClock.Phase.allCases.map { phase in
            let values = zip(database, broker).map { fed, relayed in
                let part = fed.clock.nanoseconds[phase].map { Double($0) / Double(fed.messages) }
                return (part ?? Double(relayed.clock.nanoseconds[phase] ?? 0) / Double(relayed.messages)) / 1_000
            }
            return Figure("phase.\(phase.rawValue)", "\(phase.title), µs a message in", .absolute, values)
        }
        section.figures += [
            Figure(
                "batch.statements", "statements a batch of 200", .absolute,
                database.map { Double($0.statements) / Double($0.batches) }),
            Figure(
                "batch.round_trips", "round trips to the database a batch of 200", .absolute,
                database.map { Double($0.roundTrips) / Double($0.batches) }),
        ]
        return section
    }
}

extension PhaseClock.Phase {
    fileprivate var title: String {
        switch self {
        case .receive: "receive"
        case .decode: "decode"
        case .load: "load: inbox, locks, rows"
        case .decide: "decide, and encode the events"
        case .write: "write and commit"
        case .publish: "publish and settle"
        case .ack: "ack"
        }
    }
}
