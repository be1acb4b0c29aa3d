/// Reads the files of a mapping into tables, and joins them.
struct TableLoader {
    private let mapping: Mapping
    private(set) var tables: [Table] = []
    private(set) var files: [String] = []
    private(set) var refusals: [Refusal] = []
    /// Records of each input, the refused ones too.
    private(set) var recordCounts: [Int] = []
    private var fingerprint = Fingerprint()
    /// Of the mapping and everything that was read.
    var contentFingerprint: UInt64 { fingerprint.value }

    init(_ mapping: Mapping, files: [[String]]) throws(ImportError) {
        self.mapping = mapping
        withUnsafeBytes(of: mapping.fingerprint.littleEndian) { fingerprint.add($0) }
        for (index, input) in mapping.inputs.enumerated() {
            recordCounts.append(0)
            switch input.source {
            case .file(let file): try load(input, file, files[index])
            case .group(let base, let columns): group(input, base, columns)
            }
        }
        for (index, input) in mapping.inputs.enumerated() { join(index, input) }
        for (index, input) in mapping.inputs.enumerated() { try sort(index, input) }
    }

    private mutating func load(
        _ input: InputDefinition, _ definition: FileDefinition, _ paths: [String]
    ) throws(ImportError) {
        var table = Table(name: input.name, width: input.columns.count)
        var seen: [[String]: Table.Origin] = [:]
        table.fileRange = files.count..<files.count + paths.count
        for path in paths {
            let file = files.count
            files.append(path)
            var reader = try CSVReader(path: path, parser: CSVParser(delimiter: definition.delimiter))
            let layout = try layout(input, definition, path, &reader)
            while let item = try reader.next() {
                recordCounts[tables.count] += 1
                switch item {
                case .malformed(let line, let reason): refuse(path, line, input, reason)
                case .record(let line, let fields):
                    guard let cells = cells(fields, layout, path, line, input) else { continue }
                    let origin = Table.Origin(file: file, line: line)
                    if !input.key.isEmpty {
                        let key = input.key.map { cells[$0] }
                        if let first = seen[key] {
                            let names = input.key.map { input.columns[$0] }.joined(separator: ", ")
                            let place = first.file == file ? "line \(first.line)" : "\(files[first.file]):\(first.line)"
                            refuse(path, line, input, "the same \(names) as \(place), which stands")
                            continue
                        }
                        seen[key] = origin
                    }
                    for cell in cells { fingerprint.add(cell.utf8) }
                    table.append(cells, from: origin)
                }
            }
        }
        tables.append(table)
    }

    /// Where the columns of the mapping are in the file.
    private struct Layout {
        var width: Int
        var places: [Int]
    }

    private func layout(
        _ input: InputDefinition, _ definition: FileDefinition, _ path: String, _ reader: inout CSVReader
    ) throws(ImportError) -> Layout {
        guard definition.hasHeader else {
            return Layout(width: input.columns.count, places: Array(input.columns.indices))
        }
        guard case .record(let line, let header) = try reader.next() else {
            throw ImportError(.input, file: path, line: 1, "expected a header that names the columns")
        }
        let names = header.map { $0 ?? "" }
        var places: [Int] = []
        for column in input.columns {
            guard let place = names.firstIndex(of: column) else {
                throw ImportError(
                    .input, file: path, line: line,
                    "the file has no column \"\(column)\" (input \(input.name)): "
                        + Suggestion.text(for: column, among: names))
            }
            places.append(place)
        }
        return Layout(width: names.count, places: places)
    }

    private mutating func cells(
        _ fields: [String?], _ layout: Layout, _ path: String, _ line: Int, _ input: InputDefinition
    ) -> [String]? {
        guard fields.count == layout.width else {
            refuse(path, line, input, "expected \(layout.width) columns, got \(fields.count)")
            return nil
        }
        var cells: [String] = []
        for place in layout.places {
            guard let cell = fields[place] else {
                refuse(path, line, input, "column \(place + 1) is not UTF-8")
                return nil
            }
            cells.append(cell)
        }
        return cells
    }

    private mutating func refuse(_ file: String, _ line: Int, _ input: InputDefinition, _ reason: String) {
        refusals.append(Refusal(kind: .row, file: file, line: line, input: input.name, message: nil, reason: reason))
    }

    private mutating func group(_ input: InputDefinition, _ base: Int, _ columns: [Int]) {
        var table = Table(name: input.name, width: input.columns.count, base: base)
        var seen: Set<[String]> = []
        for row in 0..<tables[base].count {
            guard let key = tables[base].key(row: row, columns: columns), seen.insert(key).inserted else { continue }
            let cells = input.columns.indices.map { tables[base].text(row: row, column: $0) ?? "" }
            table.append(cells, from: tables[base].origin(of: row), standsFor: row)
        }
        tables.append(table)
    }

    private mutating func join(_ index: Int, _ input: InputDefinition) {
        for definition in input.one {
            let theirs = rowsByKey(definition)
            let rows = (0..<tables[index].count).map { row -> Int32 in
                tables[index].key(row: row, columns: definition.ours).flatMap { theirs[$0]?.first }.map(Int32.init)
                    ?? -1
            }
            tables[index].one.append(OneJoin(table: definition.table, rows: rows))
        }
        for definition in input.many {
            let theirs = rowsByKey(definition)
            let groups = (0..<tables[index].count).map { row in
                tables[index].key(row: row, columns: definition.ours).flatMap { theirs[$0] } ?? []
            }
            tables[index].many.append(ManyJoin(table: definition.table, groups: groups))
        }
    }

    private func rowsByKey(_ definition: JoinDefinition) -> [[String]: [Int]] {
        var rows: [[String]: [Int]] = [:]
        for row in 0..<tables[definition.table].count {
            guard let key = tables[definition.table].key(row: row, columns: definition.theirs) else { continue }
            rows[key, default: []].append(row)
        }
        return rows
    }

    /// Rows that can't be compared stay as the file has them; what is wrong with them shows when they are used.
    private mutating func sort(_ index: Int, _ input: InputDefinition) throws(ImportError) {
        for (place, definition) in input.many.enumerated() {
            guard let sort = definition.sort else { continue }
            var keys: [Int: Value] = [:]
            for row in 0..<tables[definition.table].count {
                let reference = RowReference(table: definition.table, row: row)
                var evaluator = Evaluator(tables, frames: [Evaluator.Frame(row: reference)])
                keys[row] = try? evaluator.value(sort)
            }
            let join = tables[index].many[place]
            let groups = (0..<tables[index].count).map { row in
                join.rows(of: row).sorted { left, right in
                    guard let first = keys[left], let second = keys[right] else { return left < right }
                    if first == second { return left < right }
                    return (try? Value.isLess(first, second)) ?? (left < right)
                }
            }
            tables[index].many[place] = ManyJoin(table: definition.table, groups: groups)
        }
    }
}
