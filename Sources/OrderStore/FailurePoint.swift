internal import Glibc
internal import Synchronization

/// Places where a worker of the fault suite ends itself, as if its machine had died there: `ORDERFLOW_FAILURE=before_commit:7`
/// ends it at the seventh passing, `ORDERFLOW_FAILURE=before_commit:7:freeze` stops it there until somebody wakes it.
///
/// Compiled in for debug builds and the trait `Faults` alone: in a release build nothing of it is left.
package enum FailurePoint: String, CaseIterable, Sendable {
    /// Messages were received, and nothing else has happened.
    case afterReceive = "after_receive"
    /// The inbox has dropped repeats, the orders are locked and read.
    case afterInbox = "after_inbox"
    /// The changes are with the database, the commit is not.
    case beforeCommit = "before_commit"
    /// Committed; nothing is published, nothing acked.
    case afterCommit = "after_commit"
    /// Published; nothing acked, nothing confirmed.
    case afterPublish = "after_publish"
    /// Acked; not all that was published is confirmed.
    case afterAck = "after_ack"
    /// The broker has confirmed events; their outbox rows are still there.
    case afterConfirm = "after_confirm"

    /// Ends or freezes the process here, if this is the place and the time.
    @inline(__always)
    package func pass() {
        #if FAULTS
            Self.armed?.pass(self)
        #endif
    }

    #if FAULTS
        private static let armed = Armed()

        /// What the environment asks for.
        private final class Armed: Sendable {
            private let point: FailurePoint
            private let signal: Int32
            private let left: Atomic<Int>

            init?() {
                guard let text = getenv("ORDERFLOW_FAILURE") else { return nil }
                let parts = String(cString: text).split(separator: ":")
                guard parts.count >= 2, let point = FailurePoint(rawValue: String(parts[0])), let count = Int(parts[1])
                else { return nil }
                self.point = point
                signal = parts.dropFirst(2).first == "freeze" ? SIGSTOP : SIGKILL
                left = Atomic(count)
            }

            func pass(_ point: FailurePoint) {
                guard point == self.point, left.subtract(1, ordering: .relaxed).newValue == 0 else { return }
                kill(getpid(), signal)
            }
        }
    #endif
}
