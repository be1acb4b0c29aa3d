internal import Glibc

extension TimeZoneRules {
    /// Reads a zone of the machine's time zone database: `America/Sao_Paulo`.
    static func named(_ name: String) throws(TimeZoneFault) -> TimeZoneRules {
        let isPlain = name.utf8.allSatisfy { byte in
            let letter = byte | 0x20
            return (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")) || (byte >= 0x30 && byte <= 0x39)
                || "/_+-".utf8.contains(byte)
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("/") else {
            throw TimeZoneFault(text: "expected a time zone as `America/Sao_Paulo`, got \"\(name)\"")
        }
        if name == "UTC" { return .utc }
        let directory = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        guard access(directory, R_OK | X_OK) == 0 else {
            throw TimeZoneFault(text: "there is no time zone database in \(directory): install the package tzdata")
        }
        guard let bytes = contents(of: "\(directory)/\(name)") else {
            throw TimeZoneFault(text: "the time zone database in \(directory) has no zone \"\(name)\"")
        }
        guard let zone = TimeZoneRules(name: name, file: bytes) else {
            throw TimeZoneFault(text: "\(directory)/\(name) is not a time zone file of version 2 or later")
        }
        return zone
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1_048_576)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { return nil }
        return Array(bytes[..<count])
    }

    /// Reads the 64-bit part of a TZif file.
    init?(name: String, file: [UInt8]) {
        guard let old = Header(file, at: 0), old.version >= UInt8(ascii: "2"),
            let header = Header(file, at: old.end(timeBytes: 4))
        else { return nil }
        let times = header.start + Header.length
        let kinds = times + header.transitions * 8
        let types = kinds + header.transitions
        let end = header.end(timeBytes: 8)
        guard header.types > 0, end < file.count else { return nil }

        func offset(_ type: Int) -> Int64 { Int64(Int32(truncatingIfNeeded: Self.number(file, types + type * 6, 4))) }
        var offsets = [offset(0)]
        for index in 0..<header.transitions {
            let kind = Int(file[kinds + index])
            guard kind < header.types else { return nil }
            offsets.append(offset(kind))
        }
        let footer = String(decoding: file[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        self.init(
            name: name, transitions: (0..<header.transitions).map { Self.number(file, times + $0 * 8, 8) },
            offsets: offsets, rule: PosixTimeZone(footer))
    }

    private struct Header {
        static let length = 44
        var start: Int
        var version: UInt8
        /// UT indicators, standard indicators, leap seconds, transitions, types, characters.
        var counts: [Int]
        var transitions: Int { counts[3] }
        var types: Int { counts[4] }

        init?(_ file: [UInt8], at start: Int) {
            guard file.count >= start + Self.length, file[start..<start + 4].elementsEqual("TZif".utf8) else {
                return nil
            }
            self.start = start
            version = file[start + 4]
            counts = (0..<6).map { Int(TimeZoneRules.number(file, start + 20 + $0 * 4, 4)) }
        }

        func end(timeBytes: Int) -> Int {
            start + Self.length + counts[3] * (timeBytes + 1) + counts[4] * 6 + counts[5]
                + counts[2] * (timeBytes + 4) + counts[1] + counts[0]
        }
    }

    private static func number(_ file: [UInt8], _ start: Int, _ width: Int) -> Int64 {
        Int64(bitPattern: file[start..<start + width].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }
}

/// Why a zone can't be had.
struct TimeZoneFault: Error {
    var text: String
}
