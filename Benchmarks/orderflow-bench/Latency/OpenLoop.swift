internal import AMQP
internal import Glibc
internal import Histogram
internal import OrderWorker
internal import TradingDay

/// Sends a schedule, and takes the time from when a message was due until the last of its events has come to its receiver's
/// queue and been read there. A message that was sent late counts from when it was due: what waits is not omitted.
final class OpenLoop {
    private let schedule: Schedule
    private let outside: Outside
    /// Places in the schedule, by id.
    private let places: [String: Int]
    /// When the last event of each was read, in nanoseconds after the start.
    private var lastEvent: [Int64]
    private var start: Int64 = 0
    private var heardAt: Int64 = 0

    init(_ schedule: Schedule, broker: AMQPURL) throws {
        self.schedule = schedule
        var places: [String: Int] = [:]
        for (place, entry) in schedule.entries.enumerated() { places[entry.message.body.id] = place }
        self.places = places
        lastEvent = Array(repeating: 0, count: schedule.entries.count)
        outside = try Outside(broker, hearing: OrderflowTopology.receiverQueues.map(\.queue))
    }

    /// Waits until every queue has so many consumers.
    func awaitConsumers(_ count: Int, _ check: () throws -> Void) throws { try outside.awaitConsumers(count, check) }

    /// Gives microseconds, for those of the measured time that have events.
    func run(_ check: () throws -> Void) throws -> Histogram<UInt64> {
        start = Self.now
        for entry in schedule.entries {
            while Self.now - start < entry.due { try turn(until: start + entry.due) }
            try outside.send(entry.message, hear)
            try outside.flush()
            // Those that are behind go at once, but what comes is read meanwhile.
            if Self.now - start > entry.due + 1_000_000 { try turn(until: 0) }
        }
        try awaitEvents(check)
        var histogram = Histogram<UInt64>(
            lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        for (entry, last) in zip(schedule.entries, lastEvent) where schedule.measured.contains(entry.due) && last > 0 {
            histogram.record(UInt64(max(1, (last - entry.due) / 1_000)))
        }
        return histogram
    }

    /// What is late counts: until every message has an event that has one, and no more come.
    private func awaitEvents(_ check: () throws -> Void) throws {
        let deadline = Self.now + 60_000_000_000
        heardAt = Self.now
        func isMissing() -> Bool { zip(schedule.entries, lastEvent).contains { $0.isTold && $1 == 0 } }
        while Self.now - heardAt < 1_500_000_000 || isMissing() {
            guard Self.now < deadline else { throw BenchFailure("messages have no event after a minute") }
            try check()
            try turn(until: Self.now + 50_000_000)
        }
    }

    private func turn(until deadline: Int64) throws {
        // Rounded up: what is sent up to a millisecond late counts from when it was due.
        let milliseconds = (max(0, deadline - Self.now) + 999_999) / 1_000_000
        try outside.turn(milliseconds: Int32(clamping: milliseconds), hear)
    }

    private func hear(_ delivery: Delivery) {
        guard let cause = delivery.body.text(of: "causationid"), let place = places[String(cause)] else { return }
        heardAt = Self.now
        lastEvent[place] = heardAt - start
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension [UInt8] {
    /// The id in a message's envelope.
    fileprivate var id: String { text(of: "id").map(String.init) ?? "" }
}
