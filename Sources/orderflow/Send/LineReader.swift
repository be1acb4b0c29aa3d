internal import Glibc

/// Lines of a file or of the standard input, one after the other, without holding the whole.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// How many lines were given.
    private(set) var number = 0
    /// A line that is longer is cut there; what follows of it is skipped.
    private let maxBytes: Int

    /// - Parameter path: `-` for the standard input.
    init(path: String, maxBytes: Int) throws(Failure) {
        self.maxBytes = maxBytes
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.usage, "\(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(descriptor)
    }

    /// The next line without its end; nil at the end.
    mutating func next() throws(Failure) -> (bytes: [UInt8], isTooLong: Bool)? {
        var line: [UInt8] = []
        var length = 0
        while true {
            let rest = buffer[start...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let part = rest[..<(end ?? rest.endIndex)]
            length += part.count
            if line.count < maxBytes { line += part.prefix(maxBytes - line.count) }
            if let end {
                start = end + 1
                return finish(&line, length)
            }
            buffer.removeAll(keepingCapacity: true)
            start = 0
            if isAtEnd { return length == 0 ? nil : finish(&line, length) }
            try fill()
        }
    }

    private mutating func finish(_ line: inout [UInt8], _ length: Int) -> (bytes: [UInt8], isTooLong: Bool) {
        number += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return (line, length > maxBytes)
    }

    private mutating func fill() throws(Failure) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(.usage, "can't read: \(String(cString: strerror(errno)))") }
            isAtEnd = count == 0
            buffer += chunk[..<count]
            return
        }
    }
}
