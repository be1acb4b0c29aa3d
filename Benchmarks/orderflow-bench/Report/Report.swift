internal import FoundationEssentials

/// What a command of the benchmark has measured: written as JSON, so that two runs can be compared.
struct Report: Codable {
    /// `quick`, `full`, `growth` or `rules`.
    var command: String
    /// ISO 8601.
    var date: String
    var machine: String
    /// How much was run, in words.
    var scale: String
    var sections: [Section] = []

    struct Section: Codable {
        var title: String
        /// How it was measured.
        var note = ""
        var figures: [Figure] = []
        var charts: [Chart] = []
    }

    var figures: [Figure] { sections.flatMap(\.figures) }

    func figure(_ name: String) -> Figure? { figures.first { $0.name == name } }

    static func read(_ path: String) throws -> Report {
        guard let text = TextFile.read(path) else { throw BenchFailure("can't read \(path)") }
        do {
            return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        } catch {
            throw BenchFailure("\(path) is no report of this benchmark: \(error)")
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try TextFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }
}

extension Report {
    /// Of today.
    init(_ command: String, _ machine: Machine, scale: String) {
        self.init(command: command, date: Date.now.ISO8601Format(), machine: machine.sentence, scale: scale)
    }
}

/// Something measured, once or several times.
struct Figure: Codable {
    enum Kind: String, Codable {
        /// Holds for this machine.
        case absolute
        /// Both sides were taken in one run on one machine.
        case ratio
    }

    /// Known by it from run to run.
    var name: String
    var title: String
    var kind: Kind
    var values: [Double]

    init(_ name: String, _ title: String, _ kind: Kind = .absolute, _ values: [Double]) {
        self.name = name
        self.title = title
        self.kind = kind
        self.values = values
    }

    var spread: Spread { Spread(values) }
}

/// Lines in a plane.
struct Chart: Codable {
    var name: String
    var title: String
    var xTitle: String
    var yTitle: String
    var lines: [Line]

    struct Line: Codable {
        var title: String
        var points: [Point]
    }

    struct Point: Codable {
        var x: Double
        var y: Double
    }
}
