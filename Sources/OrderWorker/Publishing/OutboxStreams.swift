internal import OrderStore

/// An event for one receiver that waits to be published, or to be confirmed. It goes from hand to hand a dozen times, and is
/// too large to be copied each time.
final class PendingRow<Content> {
    /// What it is known by.
    let key: OutboxKey
    /// What is published.
    let content: Content

    /// Its number in its stream; 0 for alerts, which stand in no stream.
    var number: Int64 { key.number }

    init(key: OutboxKey, content: Content) {
        self.key = key
        self.content = content
    }
}

/// The one rule of order: a row goes out only when no row with a lower number of its stream is unconfirmed.
///
/// Bookkeeping only, no I/O: rows go in when their transaction has committed, come out when they may be published, and
/// are settled by what the broker says. So at most one row of a stream is under way.
struct OutboxStreams<Content>: ~Copyable {
    private enum State {
        /// The head may go out.
        case ready
        /// The head is published and not settled.
        case underWay
        /// A lower number is unconfirmed with another lane.
        case blocked(since: ContinuousClock.Instant)
        /// Nothing of it is kept here any more.
        case left
    }

    private final class Stream {
        let key: OutboxStream
        var rows: [PendingRow<Content>]
        var state = State.ready

        init(_ row: PendingRow<Content>) {
            key = row.key.stream
            rows = [row]
        }
    }

    private var streams: [OutboxStream: Stream] = [:]
    private var waiting: [OutboxStream: Stream] = [:]
    private var ready = ReadyStreams<Stream>()
    private var alerts: [PendingRow<Content>] = []
    /// Rows that are not confirmed.
    private(set) var count = 0

    /// Nothing waits.
    init() {}

    /// Streams whose head waits for another lane's row.
    var blocked: [OutboxStream] { Array(waiting.keys) }

    /// The row's stream is here already, or the alert.
    func holds(_ row: PendingRow<Content>) -> Bool {
        row.number > 0 ? streams[row.key.stream] != nil : alerts.contains { $0.key == row.key }
    }

    /// The heads that wait for another lane's row for so long.
    func blocked(before instant: ContinuousClock.Instant) -> [PendingRow<Content>] {
        waiting.values.compactMap { stream in
            guard case .blocked(let since) = stream.state, since < instant else { return nil }
            return stream.rows.first
        }
    }

    /// The number of the stream's head.
    func headNumber(of key: OutboxStream) -> Int64? { streams[key]?.rows.first?.number }

    /// Adds rows whose transaction has committed, in the order of their numbers.
    ///
    /// - Parameter isBlocked: whether a lower number of the stream is unconfirmed with another lane; of no account where rows of it
    ///   are here.
    mutating func add(_ row: PendingRow<Content>, isBlocked: Bool) {
        guard row.number > 0 else {
            alerts.append(row)
            count += 1
            return
        }
        if let stream = streams[row.key.stream] {
            insert(row, into: stream)
        } else {
            let stream = Stream(row)
            streams[row.key.stream] = stream
            count += 1
            if isBlocked { block(stream) } else { free(stream) }
        }
    }

    private mutating func insert(_ row: PendingRow<Content>, into stream: Stream) {
        if let last = stream.rows.last, last.number < row.number {
            stream.rows.append(row)
        } else if !stream.rows.contains(where: { $0.number == row.number }) {
            let index = stream.rows.firstIndex { $0.number > row.number } ?? stream.rows.endIndex
            stream.rows.insert(row, at: index)
        } else {
            return
        }
        count += 1
    }

    private mutating func block(_ stream: Stream) {
        stream.state = .blocked(since: .now)
        waiting[stream.key] = stream
    }

    private mutating func free(_ stream: Stream) {
        stream.state = .ready
        ready.append(stream, for: stream.key.receiver)
    }

    /// The next row that may be published, which is under way from now on.
    mutating func next(where fits: (PendingRow<Content>) -> Bool) -> PendingRow<Content>? {
        if let alert = alerts.last {
            guard fits(alert) else { return nil }
            return alerts.popLast()
        }
        while let stream = ready.first {
            if case .ready = stream.state, let row = stream.rows.first {
                guard fits(row) else { return nil }
                ready.removeFirst()
                stream.state = .underWay
                return row
            }
            ready.removeFirst()
        }
        return nil
    }

    /// The broker has confirmed a row: the next of its stream may go. Where numbers between them are another lane's, it
    /// waits until those are looked up.
    mutating func confirmed(_ row: PendingRow<Content>) {
        count -= 1
        guard row.number > 0, let stream = streams[row.key.stream] else { return }
        if stream.rows.first === row {
            stream.rows.removeFirst()
        } else {
            stream.rows.removeAll { $0.number == row.number }
        }
        guard let next = stream.rows.first else {
            streams[row.key.stream] = nil
            return
        }
        if next.number == row.number + 1 { free(stream) } else { block(stream) }
    }

    /// The row is left to the database, and with it the later ones of its stream: nothing of them is kept here.
    mutating func leave(_ row: PendingRow<Content>) {
        guard row.number > 0 else {
            count -= 1
            return
        }
        guard let stream = streams.removeValue(forKey: row.key.stream) else { return }
        waiting[row.key.stream] = nil
        stream.state = .left
        count -= stream.rows.count
    }

    /// The connection is gone: what was under way is unknown, and goes out again.
    mutating func resend(_ rows: [PendingRow<Content>]) {
        for row in rows {
            if row.number == 0 {
                alerts.append(row)
            } else if let stream = streams[row.key.stream] {
                free(stream)
            }
        }
    }

    /// Lets a stream go whose lower numbers are confirmed now.
    mutating func unblock(_ key: OutboxStream) {
        guard let stream = waiting.removeValue(forKey: key) else { return }
        free(stream)
    }

    /// Streams whose head waits for nothing but its turn.
    var readyCount: Int { ready.count + alerts.count }

    /// Whether anything can be published now.
    var hasReady: Bool { !alerts.isEmpty || !ready.isEmpty }
}
