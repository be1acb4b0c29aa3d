internal import CRabbitMQ

/// Sends frames without ever waiting longer than the send timeout.
///
/// The library's own sends wait without limit for a broker that has stopped reading. Over plain TCP the frames are
/// therefore laid out here, one after the other, and handed to the kernel together; what it does not take stays here.
/// Over TLS, where only the library can write, each frame is sent once the socket has room for it.
final class FrameWriter {
    static let channel: amqp_channel_t = 1

    private let state: amqp_connection_state_t
    private let descriptor: Int32
    private let isTLS: Bool
    private let maxPayload: Int
    private let sendTimeout: Duration

    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private var start = 0
    private var end = 0

    /// When bytes last went to the kernel.
    private(set) var lastSent = ContinuousClock.now
    /// Whether bytes wait here until the socket is writable.
    var hasPending: Bool { start < end }

    init(_ state: amqp_connection_state_t, isTLS: Bool, sendTimeout: Duration) {
        self.state = state
        self.descriptor = amqp_get_sockfd(state)
        self.isTLS = isTLS
        self.maxPayload = Int(amqp_get_frame_max(state)) - CRABBITMQ_FRAME_OVERHEAD
        self.sendTimeout = sendTimeout
    }

    deinit {
        buffer.deallocate()
    }

    // MARK: Frames

    func method<Fields: BitwiseCopyable>(
        _ id: UInt32, _ fields: Fields, channel: amqp_channel_t = channel
    ) throws(AMQPError) {
        var fields = fields
        if isTLS {
            try awaitRoom()
            try check(amqp_send_method(state, channel, id, &fields))
            lastSent = .now
        } else {
            try append(crabbitmq_write_method(reserved(maxPayload), maxPayload, channel, id, &fields))
        }
    }

    /// Tells the broker that we live, unless bytes that say so already wait for it.
    func heartbeat() throws(AMQPError) {
        if isTLS {
            guard socketHasRoom else { return }
            var frame = crabbitmq_heartbeat_frame()
            try check(amqp_send_frame(state, &frame))
            lastSent = .now
        } else {
            if !hasPending {
                try append(crabbitmq_write_heartbeat(reserved(0)))
            }
            try flush()
        }
    }

    /// A whole message: its method, header and body frames. What cannot be encoded leaves no trace in the stream.
    func content(
        _ publish: amqp_basic_publish_t, _ properties: amqp_basic_properties_t, _ body: UnsafeRawBufferPointer
    ) throws(AMQPError) {
        if isTLS {
            try contentByLibrary(publish, properties, body)
        } else {
            try contentBuffered(publish, properties, body)
        }
    }

    private func contentBuffered(
        _ publish: amqp_basic_publish_t, _ properties: amqp_basic_properties_t, _ body: UnsafeRawBufferPointer
    ) throws(AMQPError) {
        var publish = publish
        var properties = properties
        let rollback = end - start
        do {
            try append(
                crabbitmq_write_method(
                    reserved(maxPayload), maxPayload, Self.channel, UInt32(AMQP_BASIC_PUBLISH_METHOD), &publish))
            try append(
                crabbitmq_write_header(
                    reserved(maxPayload), maxPayload, Self.channel, &properties, UInt64(body.count)))
        } catch {
            end = start + rollback
            throw error
        }
        try eachFragment(of: body) { fragment, count throws(AMQPError) in
            try append(crabbitmq_write_body(reserved(count), Self.channel, fragment, count))
        }
    }

    private func contentByLibrary(
        _ publish: amqp_basic_publish_t, _ properties: amqp_basic_properties_t, _ body: UnsafeRawBufferPointer
    ) throws(AMQPError) {
        var properties = properties
        // The library sends the method before it finds that the header cannot be encoded: try that first.
        try checkEncoded(
            crabbitmq_write_header(
                reserved(maxPayload), maxPayload, Self.channel, &properties, UInt64(body.count)))
        try method(UInt32(AMQP_BASIC_PUBLISH_METHOD), publish)
        var header = crabbitmq_header_frame(Self.channel, &properties, UInt64(body.count))
        try awaitRoom()
        try check(amqp_send_frame(state, &header))
        try eachFragment(of: body) { fragment, count throws(AMQPError) in
            var frame = crabbitmq_body_frame(Self.channel, fragment, count)
            try awaitRoom()
            try check(amqp_send_frame(state, &frame))
        }
        lastSent = .now
    }

    private func eachFragment(
        of body: UnsafeRawBufferPointer, _ send: (UnsafeRawPointer, Int) throws(AMQPError) -> Void
    ) throws(AMQPError) {
        guard let base = body.baseAddress else { return }
        var offset = 0
        while offset < body.count {
            let count = min(maxPayload, body.count - offset)
            try send(base + offset, count)
            offset += count
        }
    }

    // MARK: The socket

    /// Hands the kernel what it takes now; never waits.
    func flush() throws(AMQPError) {
        guard hasPending, let base = buffer.baseAddress else { return }
        let sent = crabbitmq_send_now(descriptor, base + start, end - start)
        guard sent >= 0 else {
            throw AMQPError(.connectionLost, "sending failed: \(String(cString: strerror(Int32(-sent))))")
        }
        guard sent > 0 else { return }
        lastSent = .now
        start += Int(sent)
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Waits until nothing is left here, at most the send timeout: needed before the library itself writes.
    func drain() throws(AMQPError) {
        let deadline = ContinuousClock.now + sendTimeout
        try flush()
        while hasPending {
            try awaitRoom(until: deadline)
            try flush()
        }
        try awaitRoom(until: deadline)
    }

    /// Whether the kernel has room for a good part of the send buffer.
    var socketHasRoom: Bool { crabbitmq_wait_writable(descriptor, 0) == 1 }

    private func awaitRoom() throws(AMQPError) {
        guard !socketHasRoom else { return }
        try awaitRoom(until: .now + sendTimeout)
    }

    private func awaitRoom(until deadline: ContinuousClock.Instant) throws(AMQPError) {
        while true {
            let left = max(0, (deadline - .now).milliseconds)
            switch crabbitmq_wait_writable(descriptor, Int32(clamping: left)) {
            case 1: return
            case 0 where left == 0:
                throw AMQPError(.timedOut, "the broker took no data for \(sendTimeout)")
            case 0: continue
            default: throw AMQPError(.connectionLost, "the connection broke while sending")
            }
        }
    }

    private func check(_ status: Int32) throws(AMQPError) {
        if status < 0 { throw AMQPError.library(status, context: "sending") }
    }

    // MARK: The buffer

    /// Where the next frame goes, with room for a payload of this size.
    private func reserved(_ payload: Int) -> UnsafeMutablePointer<UInt8>? {
        let needed = payload + CRABBITMQ_FRAME_OVERHEAD
        if end + needed > buffer.count {
            let kept = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<end])
            if kept.count + needed > buffer.count {
                let larger = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: max(buffer.count * 2, kept.count + needed), alignment: 16)
                larger.copyMemory(from: UnsafeRawBufferPointer(kept))
                buffer.deallocate()
                buffer = larger
            } else {
                buffer.copyMemory(from: UnsafeRawBufferPointer(kept))
            }
            end -= start
            start = 0
        }
        return buffer.baseAddress.map { ($0 + end).assumingMemoryBound(to: UInt8.self) }
    }

    private func append(_ length: Int64) throws(AMQPError) {
        try checkEncoded(length)
        end += Int(length)
    }

    private func checkEncoded(_ length: Int64) throws(AMQPError) {
        guard length < 0 else { return }
        let reason = AMQPError.library(Int32(clamping: length), context: nil).message
        throw AMQPError(.invalidArgument, "cannot be sent as one frame of \(maxPayload) bytes: \(reason)")
    }
}
