internal import ArgumentParser
internal import OrderCore
internal import OrderMessages

/// How long something is ago: `90s`, `30m`, `4h`, `2d`.
struct Age: ExpressibleByArgument {
    let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.name) }),
            let count = Int64(argument.dropLast(unit.name.count)), (0...1_000_000).contains(count)
        else { return nil }
        seconds = count * unit.seconds
    }

    init(since time: Timestamp) {
        seconds = max(0, (WallClock.microseconds - time.microseconds) / 1_000_000)
    }

    /// The moment that is so long ago.
    var moment: Timestamp { Timestamp(microseconds: WallClock.microseconds).adding(seconds: -seconds) }

    /// In its two largest units: `2d 4h`.
    var text: String {
        var rest = seconds
        var parts: [String] = []
        for unit in Self.units where rest >= unit.seconds || unit.seconds == 1 && parts.isEmpty {
            parts.append("\(rest / unit.seconds)\(unit.name)")
            rest %= unit.seconds
        }
        return parts.prefix(2).joined(separator: " ")
    }

    private static let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
}

/// A moment: a time as RFC 3339 writes it, or how long ago.
struct Moment: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        guard let time = RFC3339.parse(argument) ?? Age(argument: argument)?.moment else { return nil }
        self.time = time
    }
}
