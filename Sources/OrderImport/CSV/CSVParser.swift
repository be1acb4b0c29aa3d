/// RFC 4180, one record at a time, over bytes that may still grow.
///
/// Beyond the RFC: lines may end in LF alone, and a quote inside a field that does not begin with one is a plain character.
struct CSVParser {
    /// What was found at a place.
    enum Step: Equatable {
        /// A record, and where the next one begins.
        case record(CSVRecord, end: Int)
        /// The bytes end before the record does.
        case needsMore
        /// No record; reading can go on at `resume`.
        case malformed(String, resume: Int)
    }

    static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Between fields.
    var delimiter = UInt8(ascii: ",")
    /// A record that is longer, bytes, is malformed: most likely a quote is missing.
    var longestRecord = 1_048_576

    /// Reads the record that begins at `start`.
    ///
    /// - Parameter isWhole: nothing comes after `bytes`.
    func step(_ bytes: [UInt8], from start: Int, isWhole: Bool) -> Step {
        var record = CSVRecord()
        var index = start
        while true {
            let isQuoted = index < bytes.count && bytes[index] == Self.quote
            let found = isQuoted ? quoted(bytes, index, start) : plain(bytes, index)
            switch found {
            case .field(let field, let after):
                record.fields.append(field)
                index = after
            case .unfinished:
                return unfinished(bytes, start, isWhole, isQuoted, record.fields.count)
            }
            if index >= bytes.count {
                // A carriage return at the end may belong to a line feed that is still to come: `plain` leaves it out.
                return isWhole ? .record(record, end: index) : unfinished(bytes, start, false, false, 0)
            }
            switch bytes[index] {
            case delimiter: index += 1
            case Self.lineFeed: return .record(record, end: index + 1)
            case Self.carriageReturn where index + 1 < bytes.count && bytes[index + 1] == Self.lineFeed:
                return .record(record, end: index + 2)
            case Self.carriageReturn where index + 1 == bytes.count:
                return isWhole ? .record(record, end: index + 1) : unfinished(bytes, start, false, false, 0)
            default:
                return afterQuote(bytes, index, isWhole, record.fields.count)
            }
        }
    }

    private enum Found {
        case field(CSVRecord.Field, after: Int)
        case unfinished
    }

    private func plain(_ bytes: [UInt8], _ start: Int) -> Found {
        var index = start
        while index < bytes.count, bytes[index] != delimiter, bytes[index] != Self.lineFeed { index += 1 }
        let endsLine = index == bytes.count || bytes[index] == Self.lineFeed
        if endsLine, index > start, bytes[index - 1] == Self.carriageReturn { index -= 1 }
        return .field(CSVRecord.Field(range: start..<index), after: index)
    }

    private func quoted(_ bytes: [UInt8], _ start: Int, _ recordStart: Int) -> Found {
        var field = CSVRecord.Field(range: start + 1..<start + 1)
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == Self.quote {
                guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else {
                    field.range = start + 1..<index
                    return .field(field, after: index + 1)
                }
                field.hasDoubledQuotes = true
                index += 1
            }
            index += 1
            if index - recordStart > longestRecord { return .unfinished }
        }
        return .unfinished
    }

    private func unfinished(
        _ bytes: [UInt8], _ start: Int, _ isWhole: Bool, _ isQuoted: Bool, _ fields: Int
    ) -> Step {
        guard isWhole || bytes.count - start > longestRecord else { return .needsMore }
        let reason =
            isQuoted
            ? "the quote of column \(fields + 1) is never closed" : "the record has more than \(longestRecord) bytes"
        return .malformed(reason, resume: nextLine(bytes, start))
    }

    private func afterQuote(_ bytes: [UInt8], _ index: Int, _ isWhole: Bool, _ column: Int) -> Step {
        let next = nextLine(bytes, index)
        if next == bytes.count, !isWhole, bytes.last != Self.lineFeed, bytes.count - index <= longestRecord {
            return .needsMore
        }
        return .malformed("column \(column) has text behind its closing quote", resume: next)
    }

    private func nextLine(_ bytes: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != Self.lineFeed { index += 1 }
        return min(index + 1, bytes.count)
    }
}
