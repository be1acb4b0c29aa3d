extension ImportRun {
    /// A sum over the rows of an input, as the mapping's `totals` ask for it.
    public struct Total: Hashable, Sendable {
        /// The mapping's name of it.
        public var name: String
        /// Over all rows that could be read.
        public var value: Int64
        /// Rows whose value could not be worked out: they are not in it.
        public var faulty: Int
    }

    /// The rows of an input.
    public struct InputSummary: Hashable, Sendable {
        /// The mapping's name of the input.
        public var name: String
        /// Records in its files, those that could not be read among them.
        public var records: Int
    }

    /// The sums that the mapping asks for, straight from the files: what became of them can be compared.
    public func totals() -> [Total] {
        mapping.totals.map { definition in
            var total = Total(name: definition.name, value: 0, faulty: 0)
            for row in 0..<tables[definition.table].count {
                let frame = Evaluator.Frame(row: RowReference(table: definition.table, row: row))
                var evaluator = Evaluator(tables, frames: [frame])
                do throws(RowFault) {
                    if let condition = definition.condition, try !evaluator.holds(condition) { continue }
                    let (sum, isTooLarge) = try total.value.addingReportingOverflow(evaluator.number(definition.value))
                    if isTooLarge { total.faulty += 1 } else { total.value = sum }
                } catch {
                    total.faulty += 1
                }
            }
            return total
        }
    }

    /// The inputs that have files.
    public var inputs: [InputSummary] {
        zip(mapping.inputs, recordCounts).enumerated().compactMap { index, input in
            tables[index].base == nil ? InputSummary(name: input.0.name, records: input.1) : nil
        }
    }

    /// The mapping's name of the input that a file belongs to.
    public func input(ofFile file: Int) -> String {
        let table = tables.first { $0.base == nil && $0.fileRange.contains(file) }
        return table?.name ?? ""
    }

    /// Whether a message of this name settles what became of a row, as the mapping's `accountedBy` has it.
    public func accounts(for row: ImportMessage.Row, message: String) -> Bool {
        guard let table = tables.firstIndex(where: { $0.base == nil && $0.fileRange.contains(row.file) }) else {
            return false
        }
        let names = mapping.inputs[table].accountedBy
        return names.isEmpty || names.contains(message)
    }
}
