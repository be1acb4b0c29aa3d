/// Where the frames of a protocol end in a stream of bytes.
public enum WireFrames: Sendable {
    /// AMQP 0-9-1: a type, a channel, a size, so many bytes, and an end.
    case amqp
    /// PostgreSQL without TLS: a type, a size that counts itself, and the rest; a log-in has no type.
    case postgres

    /// Takes the whole frames from the start of what was said; a part of one stays.
    public func take(from said: inout [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var rest = said[...]
        while let length = length(of: rest), length <= rest.count {
            frames.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        if !frames.isEmpty { said = Array(rest) }
        return frames
    }

    /// Bytes of the first frame; nil while its head is not there.
    private func length(of bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        switch self {
        case .amqp:
            // A client begins with "AMQP" and a version.
            if first == UInt8(ascii: "A") { return 8 }
            return Self.number(bytes.dropFirst(3)).map { $0 + 8 }
        case .postgres:
            let size = Self.number(first == 0 ? bytes : bytes.dropFirst())
            // It counts itself; anything less is not where a frame begins.
            return size.flatMap { $0 < 4 ? nil : first == 0 ? $0 : $0 + 1 }
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.count < 4 ? nil : bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
