/// A record of a CSV file: where its fields are in the bytes it was read from.
struct CSVRecord: Equatable {
    /// A field without its outer quotes.
    struct Field: Equatable {
        var range: Range<Int>
        /// Two quotes stand for one.
        var hasDoubledQuotes = false
    }

    var fields: [Field] = []

    /// A line with nothing in it, which carries no record.
    var isBlank: Bool { fields.count == 1 && fields[0].range.isEmpty }

    /// The text of a field, or `nil` where it is not UTF-8.
    static func text(of field: Field, in bytes: [UInt8]) -> String? {
        guard field.hasDoubledQuotes else { return String(validating: bytes[field.range], as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(field.range.count)
        var index = field.range.lowerBound
        while index < field.range.upperBound {
            plain.append(bytes[index])
            index += bytes[index] == CSVParser.quote ? 2 : 1
        }
        return String(validating: plain, as: UTF8.self)
    }
}
