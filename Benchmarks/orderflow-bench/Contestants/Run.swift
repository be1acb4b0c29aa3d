/// One run, measured.
struct Run {
    var orders: Int
    var messages: Int
    /// Messages out: one for each receiver of an event.
    var events: Int
    var seconds: Double
    var cpu: CPUTime
    var walBytes: Int64
    /// Seconds, and the most that a worker had in RAM then, in bytes.
    var memory: [(seconds: Double, bytes: Int)]

    var ordersPerSecond: Double { Double(orders) / seconds }
    var messagesPerSecond: Double { Double(messages) / seconds }
    var eventsPerSecond: Double { Double(events) / seconds }
    /// The worker's part of all CPU time.
    var workerShare: Double { cpu.worker / max(cpu.total, 0.001) }

    /// Of a part of the CPU time.
    func microsecondsPerMessage(_ seconds: Double) -> Double { seconds * 1_000_000 / Double(messages) }

    var sentence: String {
        "\(Int(ordersPerSecond).grouped) orders/s, \(Int(messagesPerSecond).grouped) messages/s"
    }
}
