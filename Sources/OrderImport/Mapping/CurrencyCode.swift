internal import OrderCore

/// The currencies that amounts may be in.
enum CurrencyCode {
    static func isKnown(_ code: String) -> Bool { Currency(code: code) != nil }
}
