/// Reads the parts of a time from a text.
struct TimeScanner {
    var civil = CivilTime()
    private(set) var offset: Int64?
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ digits: ClosedRange<Int>, into part: WritableKeyPath<CivilTime, Int64>) -> Bool {
        guard let value = digitsOnly(digits) else { return false }
        civil[keyPath: part] = value
        return true
    }

    /// Digits beyond microseconds are cut off.
    mutating func fraction() -> Bool {
        let digits = rest.prefix(while: \.isASCIIDigit)
        guard (1...9).contains(digits.count) else { return false }
        rest = rest.dropFirst(digits.count)
        let six = digits.prefix(6) + String(repeating: "0", count: max(0, 6 - digits.count))
        civil.microsecond = Int64(six) ?? 0
        return true
    }

    /// English, as exports have it: `Jan`.
    mutating func monthName() -> Bool {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard let index = names.firstIndex(of: rest.prefix(3).lowercased()) else { return false }
        rest = rest.dropFirst(3)
        civil.month = Int64(index) + 1
        return true
    }

    mutating func isAfternoon() -> Bool? {
        let mark = rest.prefix(2).lowercased()
        guard mark == "am" || mark == "pm" else { return nil }
        rest = rest.dropFirst(2)
        return mark == "pm"
    }

    /// `Z`, `+08:00`, `+0800` or `+08`.
    mutating func readOffset() -> Bool {
        if skip("Z") || skip("z") {
            offset = 0
            return true
        }
        let isWest = rest.first == "-"
        guard skip("-") || skip("+"), let hours = digitsOnly(2...2), hours <= 18 else { return false }
        var minutes: Int64 = 0
        if skip(":") || rest.first?.isASCIIDigit == true {
            guard let read = digitsOnly(2...2), read < 60 else { return false }
            minutes = read
        }
        offset = (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
        return true
    }

    private mutating func digitsOnly(_ count: ClosedRange<Int>) -> Int64? {
        let digits = rest.prefix(count.upperBound).prefix(while: \.isASCIIDigit)
        guard count.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int64(digits)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { self >= "0" && self <= "9" && isASCII }
}
