/// Median and range of a figure.
struct Spread {
    let median: Double
    let least: Double
    let most: Double

    init(_ figures: [Double]) {
        let sorted = figures.sorted()
        least = sorted.first ?? 0
        most = sorted.last ?? 0
        let middle = sorted.count / 2
        median =
            sorted.isEmpty ? 0 : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// With three digits that count, for people.
    var texts: [String] { [median, least, most].map(\.shortText) }
}

extension Double {
    /// With so many digits behind the point.
    func text(digits: Int) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int((magnitude * factor).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + scaled.grouped }
        let fraction = String(scaled % Int(factor))
        return sign + (scaled / Int(factor)).grouped + "." + String(repeating: "0", count: digits - fraction.count)
            + fraction
    }

    /// With three digits that count.
    var shortText: String { text(digits: magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2) }
}
