internal import AMQP
internal import Postgres
internal import TradingDay

/// What was seen while a day was played.
struct DayReport {
    /// Sent, by routing key.
    var sent: [String: Int] = [:]
    /// What each receiver heard, by queue.
    var books: [String: ReceiverBooks] = [:]
    /// From the first order to the last event.
    var seconds: Double = 0
    /// What is not as it must be.
    var faults: [String] = []
}

/// Plays a day and waits until all of it is settled.
struct DayPlay {
    private let day: TradingDay
    private let crew: Crew
    private let runner: DayRunner
    private let connection: PostgresConnection
    private let deadlineSeconds: Int

    init(_ day: TradingDay, _ servers: Servers, _ crew: Crew, deadlineSeconds: Int) throws {
        self.day = day
        self.crew = crew
        self.deadlineSeconds = deadlineSeconds
        runner = try DayRunner(day, broker: try servers.broker)
        connection = try servers.connect()
    }

    func run() throws -> DayReport {
        Terminal.note("before opening: \(day.reference.count) messages of reference data, \(day.stock.count) of stock")
        try runner.send(day.reference)
        try wait("products are known", seconds: 30) { try count("products") >= day.catalogue.articles.count }
        try runner.send(day.stock)
        try wait("stock is there", seconds: 30) { try count("stock") >= stockRows && runner.backlog() == 0 }
        // Lanes read channels and warehouses again after a second.
        try pause(milliseconds: 1_200)

        let total = day.script.entries.count
        Terminal.note(
            "the day begins: \(day.settings.orders.grouped) orders in \(day.settings.spanMilliseconds / 1_000) s")
        let start = ContinuousClock.now
        try runner.play { sent in
            Terminal.tick("  \(sent.grouped) of \(total.grouped) messages of the script are sent")
        }
        Terminal.endTicks()
        Terminal.note("the shops have closed; waiting until everything is settled")
        var report = DayReport()
        do {
            try settle()
        } catch let failure as BenchFailure {
            report.faults.append(failure.description)
        }
        report.seconds = (runner.lastHeard - start) / .seconds(1)
        report.sent = runner.sent
        report.books = runner.world.books
        report.faults += faults
        return report
    }

    private var stockRows: Int { Set(day.stock.map(\.body)).isEmpty ? 0 : day.catalogue.goods.count * 2 }

    private var faults: [String] {
        var faults: [String] = []
        if runner.returned > 0 { faults.append("\(runner.returned) messages found no queue") }
        if runner.world.unreadable > 0 { faults.append("\(runner.world.unreadable) events could not be read") }
        for (queue, books) in runner.world.books.sorted(by: { $0.key < $1.key }) where books.gaps > 0 {
            let examples = books.gapExamples.joined(separator: "; ")
            faults.append("\(queue): \(books.gaps) events came before the one that was due (\(examples))")
        }
        return faults
    }

    private func settle() throws {
        var waitsFor = ""
        do {
            try wait("everything is settled", seconds: deadlineSeconds) {
                waitsFor = try unsettled()
                Terminal.tick("  waiting for \(waitsFor)")
                return waitsFor.isEmpty
            }
        } catch {
            Terminal.endTicks()
            throw BenchFailure("not settled after \(deadlineSeconds) s: \(waitsFor)")
        }
        Terminal.endTicks()
    }

    /// What is still to come, or nothing.
    private func unsettled() throws -> String {
        guard runner.isSilent else { return "answers from outside" }
        let backlog = try runner.backlog()
        guard backlog == 0 else { return "\(backlog) messages in the queues" }
        let due = try count("due WHERE next_at < now() + interval '1 minute'")
        guard due == 0 else { return "\(due) timers" }
        let outbox = try count("outbox")
        guard outbox == 0 else { return "\(outbox) unconfirmed events" }
        return ContinuousClock.now - runner.lastHeard > .seconds(1) ? "" : "quiet"
    }

    private func wait(_ what: String, seconds: Int, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard .now < deadline else { throw BenchFailure("waited \(seconds) s until \(what), in vain") }
            try crew.check()
            try pause(milliseconds: 200)
        }
    }

    private func pause(milliseconds: Int) throws {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while .now < end { try runner.listen(for: 20) }
    }

    private func count(_ rows: String) throws -> Int {
        try connection.query("SELECT count(*) FROM \(rows)").only().int(0)
    }
}
