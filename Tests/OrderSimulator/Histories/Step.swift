package import OrderCore

/// A message on its way to the worker, and what happens there.
package struct Step: Sendable {
    /// Its place in the whole history.
    package let place: Int
    package var message: Message
    /// The batch ends with it; none: the batch goes on.
    package var end: BatchEnd?
    /// Its place where the history arrives in another order: the smallest first.
    var rank: UInt64
}

/// How a batch ends.
package enum BatchEnd: String, Sendable {
    /// Committed and acknowledged.
    case done
    /// The worker dies before the commit: nothing stays, and its messages come again.
    case lost
    /// The worker dies between commit and acknowledgement: its messages come again.
    case unacknowledged
}

extension Message {
    /// The same business fact in another message.
    package func copied(id: String) -> Message {
        var copy = self
        copy.identity.id = id
        return copy
    }
}
