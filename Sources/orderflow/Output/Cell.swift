internal import OrderCore

/// A value of a listing, written as fits a table or JSON.
enum Cell: Sendable, Equatable {
    case text(String?)
    case integer(Int64?)
    case boolean(Bool?)
    /// Microseconds since 1970.
    case time(Int64?)
    /// Minor units of a currency.
    case money(Int64?, currency: String)
    /// JSON as it is.
    case json(String?)

    var table: String {
        switch self {
        case .text(let text): Self.oneLine(text ?? "")
        case .integer(let number): number.map { String($0) } ?? ""
        case .boolean(let value): value.map { $0 ? "yes" : "no" } ?? ""
        case .time(let time): time.map { UTCTime(microseconds: $0).short } ?? ""
        case .money(let amount, let currency): amount.map { Self.money($0, currency) } ?? ""
        case .json(let json): Self.oneLine(json ?? "")
        }
    }

    var json: String {
        switch self {
        case .text(let text): text.map(JSONText.string) ?? "null"
        case .integer(let number): number.map { String($0) } ?? "null"
        case .boolean(let value): value.map { $0 ? "true" : "false" } ?? "null"
        case .time(let time): time.map { JSONText.string(UTCTime(microseconds: $0).full) } ?? "null"
        case .money(let amount, _): amount.map { String($0) } ?? "null"
        case .json(let json): json ?? "null"
        }
    }

    var isRightAligned: Bool {
        switch self {
        case .integer, .money: true
        default: false
        }
    }

    /// Control characters would break the table, or command the terminal.
    private static func oneLine(_ text: String) -> String {
        String(
            text.map {
                $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0
            })
    }

    private static func money(_ amount: Int64, _ currency: String) -> String {
        let places = Currency(code: currency)?.exponent ?? 0
        guard places > 0 else { return "\(amount) \(currency)" }
        var digits = String(amount.magnitude)
        if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
        return (amount < 0 ? "-" : "") + digits.dropLast(places) + "." + digits.suffix(places) + " " + currency
    }
}
