internal import CRabbitMQ

extension AMQPConnection {
    /// When ``serviceHeartbeat(now:)`` is due; nil when the broker agreed to none.
    public var nextDeadline: ContinuousClock.Instant? {
        heartbeat.map { min(sendDeadline($0), lastHeard + $0 * 2) }
    }

    /// Sends a heartbeat when half an interval passed without a send, and looks whether the broker still lives.
    ///
    /// Throws ``AMQPError/Code/heartbeatMissed`` when the kernel has received nothing for two intervals; what waits there
    /// unread counts as life.
    public func serviceHeartbeat(now: ContinuousClock.Instant = .now) throws(AMQPError) {
        guard let heartbeat else { return }
        try requireOpen()
        try orClose { () throws(AMQPError) in
            if now >= lastHeard + heartbeat * 2 {
                let silence = crabbitmq_milliseconds_since_received(fileDescriptor)
                guard silence >= 0 else { throw AMQPError(.connectionLost, "the socket is gone") }
                guard .milliseconds(silence) < heartbeat * 2 else {
                    throw AMQPError(.heartbeatMissed, "nothing came from the broker for \(heartbeat * 2)")
                }
                lastHeard = now - .milliseconds(silence)
            }
            if now >= sendDeadline(heartbeat) {
                lastHeartbeatTry = now
                try writer.heartbeat()
            }
        }
    }

    private func sendDeadline(_ heartbeat: Duration) -> ContinuousClock.Instant {
        max(writer.lastSent, lastHeartbeatTry) + heartbeat / 2
    }
}
