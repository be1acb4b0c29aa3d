/// The rows of an input, as far as the mapping names their columns; cells stand side by side in one buffer.
struct Table {
    let name: String
    private let width: Int
    private var bytes: [UInt8] = []
    /// Where each cell ends.
    private var ends: [Int] = []
    private var origins: [Origin] = []
    /// The rows of another table that these stand for, where it groups them.
    private(set) var base: (table: Int, rows: [Int])?
    /// The files that its rows come from.
    var fileRange = 0..<0
    var one: [OneJoin] = []
    var many: [ManyJoin] = []

    /// Where a row was read.
    struct Origin: Hashable {
        var file: Int
        var line: Int
    }

    var count: Int { origins.count }

    init(name: String, width: Int, base: Int? = nil) {
        self.name = name
        self.width = width
        self.base = base.map { ($0, []) }
    }

    func origin(of row: Int) -> Origin { origins[row] }

    /// A cell, or `nil` where it is empty.
    func text(row: Int, column: Int) -> String? {
        let cell = row * width + column
        let start = cell == 0 ? 0 : ends[cell - 1]
        return start == ends[cell] ? nil : String(decoding: bytes[start..<ends[cell]], as: UTF8.self)
    }

    /// The cells that rows are joined by, or `nil` where one is empty.
    func key(row: Int, columns: [Int]) -> [String]? {
        var key: [String] = []
        for column in columns {
            guard let text = text(row: row, column: column) else { return nil }
            key.append(text)
        }
        return key
    }

    mutating func append(_ cells: some Sequence<String>, from origin: Origin, standsFor row: Int? = nil) {
        for cell in cells {
            bytes.append(contentsOf: cell.utf8)
            ends.append(bytes.count)
        }
        origins.append(origin)
        if let row { base?.rows.append(row) }
    }
}

/// For each row the one of another table that belongs to it.
struct OneJoin {
    var table: Int
    var rows: [Int32]

    func row(of row: Int) -> Int? { rows[row] < 0 ? nil : Int(rows[row]) }
}

/// For each row those of another table that belong to it.
struct ManyJoin {
    var table: Int
    private var starts: [Int]
    private var members: [Int]

    init(table: Int, groups: [[Int]]) {
        self.table = table
        members = groups.flatMap { $0 }
        starts = [0]
        for group in groups { starts.append((starts.last ?? 0) + group.count) }
    }

    func rows(of row: Int) -> ArraySlice<Int> { members[starts[row]..<starts[row + 1]] }
}
