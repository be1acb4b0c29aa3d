public import OrderCore

/// One event for one receiver, as the outbox keeps it: with the stored data it gives the same message each time.
public struct EventEnvelope: Hashable, Sendable {
    /// Grows when the database is set back to an earlier state; numbers count within it.
    public var epoch: Int64
    /// Who is told.
    public var receiver: String
    /// The type without its version: `order.accepted`.
    public var name: String
    /// What it is about; empty for an alert.
    public var subject: String
    /// The number for this subject and receiver; 0 for an alert.
    public var number: Int64
    /// When it was decided.
    public var time: Timestamp
    /// The message that caused it.
    public var cause: MessageIdentity
    /// What that message's envelope carried.
    public var context: EnvelopeContext
    /// Makes an alert's id, which has no number to be made of: stored with it, unique in the epoch.
    public var uniqueID: String

    /// Makes an envelope.
    public init(
        epoch: Int64, receiver: String, name: String, subject: String, number: Int64, time: Timestamp,
        cause: MessageIdentity, context: EnvelopeContext = EnvelopeContext(), uniqueID: String = ""
    ) {
        self.epoch = epoch
        self.receiver = receiver
        self.name = name
        self.subject = subject
        self.number = number
        self.time = time
        self.cause = cause
        self.context = context
        self.uniqueID = uniqueID
    }

    /// The event's id: derived, so that what is published again is known again.
    public var id: String {
        // No part has a control character, so that no two lists of parts give one name.
        let parts = number == 0 ? [receiver, uniqueID] : [receiver, subject, String(number)]
        return UUIDv5.text(name: ([String(epoch)] + parts).joined(separator: "\u{1F}"))
    }

    /// The number as the envelope has it: twenty digits, so that it sorts as text.
    var sequence: String? {
        guard number > 0 else { return nil }
        let digits = String(number)
        return "00000000000000000000".dropLast(digits.utf8.count) + digits
    }
}
