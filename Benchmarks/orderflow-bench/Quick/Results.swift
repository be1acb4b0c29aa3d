/// All runs, and what they come to.
struct Results {
    private var runs: [Contestant: [Run]] = [:]

    mutating func add(_ run: Run, of contestant: Contestant) {
        runs[contestant, default: []].append(run)
    }

    func runs(of contestant: Contestant) -> [Run] { runs[contestant] ?? [] }

    /// Ours against the usual one, pair by pair.
    var ratios: Spread {
        Spread(
            zip(runs(of: .lanes), runs(of: .usual)).map { ours, usual in
                ours.messagesPerSecond / usual.messagesPerSecond
            })
    }

    func spread(_ contestant: Contestant, _ figure: (Run) -> Double) -> Spread {
        Spread(runs(of: contestant).map(figure))
    }

    /// For the terminal.
    var table: [String] {
        var table = TextTable(["", "median", "least", "most"])
        func add(_ title: String, _ spread: Spread, digits: Int = 0) {
            table.add([title] + spread.texts(digits: digits))
        }
        for contestant in Contestant.allCases {
            add("\(contestant.title): orders/s", spread(contestant) { $0.ordersPerSecond })
            add("\(contestant.title): messages/s", spread(contestant) { $0.messagesPerSecond })
            add("\(contestant.title): worker CPU, µs a message", spread(contestant) { $0.workerMicrosecondsPerMessage })
            add(
                "\(contestant.title): events published an order",
                spread(contestant) { Double($0.events) / Double($0.orders) }, digits: 1)
        }
        add("ratio", ratios, digits: 2)
        return table.lines
    }
}

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

    func texts(digits: Int = 0) -> [String] {
        [median, least, most].map { $0.text(digits: digits) }
    }
}

extension Double {
    /// With so many digits behind the point.
    func text(digits: Int) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int((self * factor).rounded())
        guard digits > 0 else { return scaled.grouped }
        let fraction = String(scaled % Int(factor))
        return (scaled / Int(factor)).grouped + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
