/// Frames of AMQP 0-9-1 as bytes, to be slipped into a conversation.
enum AMQPFrame {
    /// A method on the first channel.
    static func method(_ classID: UInt16, _ methodID: UInt16, _ arguments: [UInt8]) -> [UInt8] {
        let payload = bytes(classID) + bytes(methodID) + arguments
        return [1] + bytes(UInt16(1)) + bytes(UInt32(payload.count)) + payload + [0xCE]
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}
