internal import OrderStore

/// An event for one receiver that waits to be published, or to be confirmed.
struct PendingRow<Content> {
    /// What it is known by.
    let key: OutboxKey
    /// What is published.
    let content: Content

    /// Its number in its stream; 0 for alerts, which stand in no stream.
    var number: Int64 { key.number }
}

/// The one rule of order: a row goes out only when no row with a lower number of its stream is unconfirmed.
///
/// Bookkeeping only, no I/O: rows go in when their transaction has committed, come out when they may be published, and
/// are settled by what the broker says. So at most one row of a stream is under way.
struct OutboxStreams<Content> {
    private enum State {
        /// The head may go out.
        case ready
        /// The head is published and not settled.
        case underWay
        /// A lower number is unconfirmed with another lane.
        case blocked(since: ContinuousClock.Instant)
    }

    private struct Stream {
        var rows: [PendingRow<Content>]
        var state: State
    }

    private var streams: [OutboxStream: Stream] = [:]
    private var ready: [OutboxStream] = []
    private var readyHead = 0
    private var alerts: [PendingRow<Content>] = []
    /// Rows that are not confirmed.
    private(set) var count = 0

    /// Nothing waits.
    init() {}

    /// Streams whose head waits for another lane's row.
    var blocked: [OutboxStream] {
        streams.compactMap { if case .blocked = $0.value.state { $0.key } else { nil } }
    }

    /// The row's stream is here already, or the alert.
    func holds(_ row: PendingRow<Content>) -> Bool {
        row.number > 0 ? streams[row.key.stream] != nil : alerts.contains { $0.key == row.key }
    }

    /// The heads that wait for another lane's row for so long.
    func blocked(before instant: ContinuousClock.Instant) -> [PendingRow<Content>] {
        streams.values.compactMap { stream in
            guard case .blocked(let since) = stream.state, since < instant else { return nil }
            return stream.rows.first
        }
    }

    /// The number of the stream's head.
    func headNumber(of key: OutboxStream) -> Int64? { streams[key]?.rows.first?.number }

    /// Adds rows whose transaction has committed, in the order of their numbers.
    ///
    /// - Parameter isBlocked: whether a lower number of the stream is unconfirmed with another lane.
    mutating func add(_ row: PendingRow<Content>, isBlocked: Bool) {
        count += 1
        guard row.number > 0 else {
            alerts.append(row)
            return
        }
        if streams[row.key.stream] == nil {
            streams[row.key.stream] = Stream(rows: [row], state: isBlocked ? .blocked(since: .now) : .ready)
            if !isBlocked { ready.append(row.key.stream) }
        } else {
            insert(row)
        }
    }

    private mutating func insert(_ row: PendingRow<Content>) {
        guard var stream = streams.removeValue(forKey: row.key.stream) else { return }
        if let last = stream.rows.last, last.number < row.number {
            stream.rows.append(row)
        } else if !stream.rows.contains(where: { $0.number == row.number }) {
            let index = stream.rows.firstIndex { $0.number > row.number } ?? stream.rows.endIndex
            stream.rows.insert(row, at: index)
        } else {
            count -= 1
        }
        streams[row.key.stream] = stream
    }

    /// The next row that may be published, which is under way from now on.
    mutating func next(where fits: (PendingRow<Content>) -> Bool) -> PendingRow<Content>? {
        if let alert = alerts.last {
            guard fits(alert) else { return nil }
            return alerts.popLast()
        }
        while readyHead < ready.count {
            let key = ready[readyHead]
            guard let stream = streams[key], case .ready = stream.state, let row = stream.rows.first else {
                readyHead += 1
                continue
            }
            guard fits(row) else { return nil }
            readyHead += 1
            if readyHead > 4_096 {
                ready.removeFirst(readyHead)
                readyHead = 0
            }
            streams[key]?.state = .underWay
            return row
        }
        ready.removeAll(keepingCapacity: true)
        readyHead = 0
        return nil
    }

    /// The broker has confirmed a row: the next of its stream may go. Where numbers between them are another lane's, it
    /// waits until those are looked up.
    mutating func confirmed(_ row: PendingRow<Content>) {
        count -= 1
        guard row.number > 0, var stream = streams.removeValue(forKey: row.key.stream) else { return }
        stream.rows.removeAll { $0.number == row.number }
        guard let next = stream.rows.first else { return }
        stream.state = next.number == row.number + 1 ? .ready : .blocked(since: .now)
        streams[row.key.stream] = stream
        if next.number == row.number + 1 { ready.append(row.key.stream) }
    }

    /// The row is left to the database, and with it the later ones of its stream: nothing of them is kept here.
    mutating func leave(_ row: PendingRow<Content>) {
        guard row.number > 0 else {
            count -= 1
            return
        }
        count -= streams.removeValue(forKey: row.key.stream)?.rows.count ?? 0
    }

    /// The connection is gone: what was under way is unknown, and goes out again.
    mutating func resend(_ rows: [PendingRow<Content>]) {
        for row in rows {
            if row.number == 0 {
                alerts.append(row)
            } else if streams[row.key.stream] != nil {
                streams[row.key.stream]?.state = .ready
                ready.append(row.key.stream)
            }
        }
    }

    /// Lets a stream go whose lower numbers are confirmed now.
    mutating func unblock(_ key: OutboxStream) {
        guard case .blocked = streams[key]?.state else { return }
        streams[key]?.state = .ready
        ready.append(key)
    }

    /// Streams whose head waits for nothing but its turn.
    var readyCount: Int { ready.count - readyHead + alerts.count }

    /// Whether anything can be published now.
    var hasReady: Bool { !alerts.isEmpty || readyHead < ready.count }
}
