internal import Glibc

/// Reads a CSV file record by record; only the part that holds the current record is in memory.
struct CSVReader: ~Copyable {
    /// What was read at a line.
    enum Item {
        /// The fields of a record; `nil`: not UTF-8.
        case record(line: Int, fields: [String?])
        /// No record.
        case malformed(line: Int, String)
    }

    private static let chunk = 262_144
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let parser: CSVParser
    private let file: Int32
    private let path: String
    private var bytes: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isWhole = false

    /// Opens a file.
    init(path: String, parser: CSVParser) throws(ImportError) {
        self.path = path
        self.parser = parser
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ImportError(.input, file: path, String(cString: strerror(errno))) }
        while bytes.count < Self.byteOrderMark.count, !isWhole { try readMore() }
        if bytes.starts(with: Self.byteOrderMark) { position = Self.byteOrderMark.count }
    }

    deinit { close(file) }

    /// The next record that is no blank line, or `nil` at the end.
    mutating func next() throws(ImportError) -> Item? {
        while true {
            if position == bytes.count {
                guard !isWhole else { return nil }
                try readMore()
                continue
            }
            let start = line
            switch parser.step(bytes, from: position, isWhole: isWhole) {
            case .needsMore:
                try readMore()
            case .record(let record, let end):
                advance(to: end)
                if record.isBlank { continue }
                return .record(line: start, fields: record.fields.map { CSVRecord.text(of: $0, in: bytes) })
            case .malformed(let reason, let resume):
                advance(to: resume)
                return .malformed(line: start, reason)
            }
        }
    }

    private mutating func advance(to end: Int) {
        for index in position..<end where bytes[index] == UInt8(ascii: "\n") { line += 1 }
        position = end
    }

    private mutating func readMore() throws(ImportError) {
        if position > 0 {
            bytes.removeSubrange(..<position)
            position = 0
        }
        var failure: Int32 = 0
        let more = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, count in
            var read = -1
            repeat { read = Glibc.read(file, buffer.baseAddress, Self.chunk) } while read < 0 && errno == EINTR
            if read < 0 { failure = errno }
            count = max(0, read)
        }
        guard failure == 0 else { throw ImportError(.input, file: path, String(cString: strerror(failure))) }
        bytes += more
        isWhole = more.isEmpty
    }
}
