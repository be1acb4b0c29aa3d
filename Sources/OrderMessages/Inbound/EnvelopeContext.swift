public import OrderCore

/// What an envelope carries beside identity and data, handed on to the events that the message causes.
public struct EnvelopeContext: Hashable, Sendable {
    /// When the sender made the message.
    public var time: Timestamp?
    /// The story that the message belongs to.
    public var correlationID: String?
    /// W3C Trace Context.
    public var traceParent: String?
    /// W3C Trace Context.
    public var traceState: String?

    /// Makes a context that knows nothing.
    public init() {}
}
