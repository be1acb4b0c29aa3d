/// How an export writes times: Unicode's pattern letters, or one of three names.
struct TimePattern: Sendable {
    private enum Piece {
        case year
        case month
        case monthName
        case day
        case hour
        case hourOfHalfDay
        case minute
        case second
        case fraction
        case halfDay
        case offset
        case literal(Character)
    }

    private enum Form {
        case pieces([Piece])
        /// RFC 3339; a blank for the `T`, no seconds, no offset and no time of day are taken too.
        case iso
        /// Since 1970.
        case epoch(unitsPerSecond: Int64)
    }

    private let form: Form
    private let pattern: String

    /// As ISO 8601 has it.
    static let iso = TimePattern(form: .iso, pattern: "iso")

    private init(form: Form, pattern: String) {
        self.form = form
        self.pattern = pattern
    }

    /// Reads a pattern, or says what is wrong with it.
    init(_ pattern: String) throws(TimePatternFault) {
        self.pattern = pattern
        switch pattern {
        case "iso": form = .iso
        case "epochSeconds": form = .epoch(unitsPerSecond: 1)
        case "epochMilliseconds": form = .epoch(unitsPerSecond: 1_000)
        default: form = .pieces(try Self.pieces(pattern))
        }
    }

    private static func pieces(_ pattern: String) throws(TimePatternFault) -> [Piece] {
        var pieces: [Piece] = []
        var rest = pattern[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            rest = rest.dropFirst(run.count)
            switch String(run) {
            case "yyyy": pieces.append(.year)
            case "MM", "M": pieces.append(.month)
            case "MMM": pieces.append(.monthName)
            case "dd", "d": pieces.append(.day)
            case "HH", "H": pieces.append(.hour)
            case "hh", "h": pieces.append(.hourOfHalfDay)
            case "mm", "m": pieces.append(.minute)
            case "ss", "s": pieces.append(.second)
            case "a": pieces.append(.halfDay)
            case "XXX": pieces.append(.offset)
            case let run where first == "S" && run.count <= 9: pieces.append(.fraction)
            case "'":
                let literal = rest.prefix { $0 != "'" }
                rest = rest.dropFirst(literal.count + 1)
                pieces += literal.map { .literal($0) }
            case let run where first.isLetter:
                throw TimePatternFault(
                    text: "\"\(run)\" is no part of a time: yyyy MM M MMM dd d HH H hh h mm m ss s S a XXX are,"
                        + " and other letters stand between quotes ('T')")
            case let run: pieces += run.map { .literal($0) }
            }
        }
        guard pattern.contains("yyyy"), pattern.contains("d") else {
            throw TimePatternFault(text: "\"\(pattern)\" has no year (yyyy) or no day (dd)")
        }
        return pieces
    }

    /// The moment that a text names; without an offset in it, by the zone's clocks.
    func moment(_ text: String, _ zone: TimeZoneRules) throws(RowFault) -> Moment {
        let parsed: (civil: CivilTime, offset: Int64?)?
        switch form {
        case .epoch(let units): return try epoch(text, units, zone)
        case .iso: parsed = Self.iso(text)
        case .pieces(let pieces): parsed = Self.parse(text, pieces)
        }
        guard let parsed, parsed.civil.isValid else {
            throw RowFault("expected a time as \(pattern), got \"\(text)\"")
        }
        guard let offset = parsed.offset else { return zone.moment(parsed.civil) }
        return Moment(
            microseconds: (parsed.civil.secondsAsUTC - offset) * 1_000_000 + parsed.civil.microsecond,
            offsetSeconds: offset)
    }

    private func epoch(_ text: String, _ units: Int64, _ zone: TimeZoneRules) throws(RowFault) -> Moment {
        // Year 9999.
        guard let count = Int64(text), abs(count / units) < 253_402_300_800 else {
            throw RowFault("expected a time as \(pattern), got \"\(text)\"")
        }
        let microseconds = count * (1_000_000 / units)
        return Moment(microseconds: microseconds, offsetSeconds: zone.offset(at: count / units))
    }

    private static func iso(_ text: String) -> (civil: CivilTime, offset: Int64?)? {
        let date: [Piece] = [.year, .literal("-"), .month, .literal("-"), .day]
        guard text.utf8.count > 10 else { return parse(text, date) }
        let characters = Array(text)
        var pieces = date + [.literal(characters[10]), .hour, .literal(":"), .minute]
        guard characters[10] == "T" || characters[10] == " " || characters[10] == "t" else { return nil }
        if characters.count > 16, characters[16] == ":" { pieces += [.literal(":"), .second] }
        if characters.count > 19, characters[19] == "." { pieces += [.literal("."), .fraction] }
        return parse(text, pieces) ?? parse(text, pieces + [.offset])
    }

    private static func parse(_ text: String, _ pieces: [Piece]) -> (civil: CivilTime, offset: Int64?)? {
        var scanner = TimeScanner(text)
        var isAfternoon: Bool?
        for piece in pieces {
            let isRead: Bool
            switch piece {
            case .year: isRead = scanner.number(4...4, into: \.year)
            case .month: isRead = scanner.number(1...2, into: \.month)
            case .monthName: isRead = scanner.monthName()
            case .day: isRead = scanner.number(1...2, into: \.day)
            case .hour, .hourOfHalfDay: isRead = scanner.number(1...2, into: \.hour)
            case .minute: isRead = scanner.number(1...2, into: \.minute)
            case .second: isRead = scanner.number(1...2, into: \.second)
            case .fraction: isRead = scanner.fraction()
            case .halfDay:
                isAfternoon = scanner.isAfternoon()
                isRead = isAfternoon != nil
            case .offset: isRead = scanner.readOffset()
            case .literal(let character): isRead = scanner.skip(character)
            }
            if !isRead { return nil }
        }
        if let isAfternoon {
            guard (1...12).contains(scanner.civil.hour) else { return nil }
            scanner.civil.hour = scanner.civil.hour % 12 + (isAfternoon ? 12 : 0)
        }
        return scanner.isAtEnd ? (scanner.civil, scanner.offset) : nil
    }
}

/// What is wrong with a pattern.
struct TimePatternFault: Error {
    var text: String
}
