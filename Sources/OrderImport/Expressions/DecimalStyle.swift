/// How an export writes numbers.
struct DecimalStyle: Equatable {
    /// Before the fraction.
    var point: Character = "."
    /// Between thousands; `nil`: none.
    var grouping: Character?

    /// Decimal text in minor units, exactly: `198.7` with two digits is 19870.
    func minorUnits(_ text: String, digits: Int, of unit: String) throws(RowFault) -> Int64 {
        guard let number = parse(text) else { throw RowFault("expected an amount as \(example), got \"\(text)\"") }
        guard number.fraction.count <= digits else {
            throw RowFault("\(unit) has \(digits) decimal digits, \"\(text)\" has more")
        }
        let zeros = String(repeating: "0", count: digits - number.fraction.count)
        guard let value = Int64(number.sign + number.whole + number.fraction + zeros) else {
            throw RowFault("\"\(text)\" is too large")
        }
        return value
    }

    /// A whole number.
    func integer(_ text: String) throws(RowFault) -> Int64 {
        guard let number = parse(text), number.fraction.isEmpty else {
            throw RowFault("expected a whole number, got \"\(text)\"")
        }
        guard let value = Int64(number.sign + number.whole) else { throw RowFault("\"\(text)\" is too large") }
        return value
    }

    private var example: String { "1\(grouping.map(String.init) ?? "")234\(point)5" }

    /// Digits before and behind the point; zeros at the end say nothing.
    private func parse(_ text: String) -> (sign: String, whole: String, fraction: String)? {
        var rest = Substring(text)
        let sign = rest.first == "-" ? "-" : ""
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        let parts = rest.split(separator: point, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = ungrouped(parts[0]) else { return nil }
        var fraction = parts.count > 1 ? parts[1] : ""
        guard Self.areDigits(fraction), !whole.isEmpty || !fraction.isEmpty else { return nil }
        while fraction.last == "0" { fraction.removeLast() }
        return (sign, whole.isEmpty ? "0" : whole, String(fraction))
    }

    private func ungrouped(_ whole: Substring) -> String? {
        guard let grouping, whole.contains(grouping) else { return Self.areDigits(whole) ? String(whole) : nil }
        let groups = whole.split(separator: grouping, omittingEmptySubsequences: false)
        guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.allSatisfy(Self.areDigits)
        else { return nil }
        return groups.joined()
    }

    private static func areDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}
