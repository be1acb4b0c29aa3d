internal import CRabbitMQ

extension Duration {
    /// Whole milliseconds, rounded up, so that waiting for a moment does not end just before it.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }

    var timeval: timeval {
        let milliseconds = max(0, milliseconds)
        return CRabbitMQ.timeval(tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000) * 1000)
    }
}
