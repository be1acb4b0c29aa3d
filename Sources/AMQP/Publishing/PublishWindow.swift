/// How much may be unconfirmed at once. Less than the socket's send buffer, so that a publish never has to wait.
public struct PublishWindow: Sendable, Equatable {
    /// Most bytes (bodies and their frames) that await a confirm.
    public var bytes: Int
    /// Most messages that await a confirm.
    public var messages: Int

    /// 256 KiB and 200 messages unless told.
    public init(bytes: Int = 256 * 1024, messages: Int = 200) {
        self.bytes = bytes
        self.messages = messages
    }

    /// Whether one more message fits. One that is larger than the whole window goes alone.
    func hasRoom(for size: Int, in ledger: ConfirmLedger) -> Bool {
        ledger.unconfirmedCount == 0
            || ledger.unconfirmedCount < messages && ledger.unconfirmedBytes + size <= bytes
    }
}
