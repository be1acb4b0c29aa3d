/// An import: the files of an export, read by a mapping, message by message.
///
/// Files are read whole when it is made (the columns that the mapping names stay in memory); messages are made when
/// asked for. The same files and mapping give the same messages in the same order.
public struct ImportRun {
    /// The mapping.
    public let mapping: Mapping
    /// The files, as the places in `ImportMessage.Row` count them.
    public let files: [String]
    /// How many messages are planned; those that turn out to be impossible are among the refusals in the end.
    public var plannedCount: Int { plan.items.count }
    /// Rows that gave no message, as far as is known yet.
    public private(set) var refusals: [Refusal]
    /// Tells whether a later run means the same files and mapping.
    public let fingerprint: String

    let tables: [Table]
    let recordCounts: [Int]
    private let plan: ImportPlan
    private var position = 0
    private var ids: [String: ImportMessage.Row?] = [:]
    private var usage: RowUsage
    /// Why a row's message was refused.
    private var reasons: [ImportMessage.Row: String] = [:]

    /// Reads the files and plans the messages.
    ///
    /// - Parameter paths: files, or folders with the files.
    /// - Throws: `ImportError` where an input has no file, or one without the columns it should have.
    public init(_ mapping: Mapping, paths: [String]) throws(ImportError) {
        let loader = try TableLoader(mapping, files: try InputFiles.find(mapping, in: paths))
        self.mapping = mapping
        files = loader.files
        tables = loader.tables
        recordCounts = loader.recordCounts
        refusals = loader.refusals
        plan = ImportPlan(mapping.stages, loader.tables)
        usage = RowUsage(loader.tables)
        fingerprint = String(loader.contentFingerprint, radix: 16)
        for (item, fault) in plan.refusals { refuse(item, fault) }
    }

    /// The next message, or `nil` when there are no more.
    public mutating func next() -> ImportMessage? {
        while position < plan.items.count {
            let item = plan.items[position]
            position += 1
            do throws(RowFault) {
                return try message(item)
            } catch {
                refuse(item, error)
            }
        }
        return nil
    }

    /// After the last message: the rows that no message took anything from, or not the one that should.
    public func unusedRows() -> [Refusal] {
        var unused: [Refusal] = []
        for (index, input) in mapping.inputs.enumerated() where tables[index].base == nil {
            for row in 0..<tables[index].count where !usage.isUsed(table: index, row: row, by: input.accountedBy) {
                let origin = tables[index].origin(of: row)
                let wanted =
                    input.accountedBy.isEmpty ? "" : " of \(input.accountedBy.sorted().joined(separator: ", "))"
                unused.append(
                    Refusal(
                        kind: .unused, file: files[origin.file], line: origin.line, input: input.name, message: nil,
                        reason: "no message\(wanted) uses this row"
                            + (reasons[ImportMessage.Row(file: origin.file, line: origin.line)].map { ": \($0)" } ?? "")
                    ))
            }
        }
        return unused
    }

    private mutating func message(_ item: ImportPlan.Item) throws(RowFault) -> ImportMessage {
        let definition = mapping.stages[item.stage].messages[item.message]
        let frames = ImportPlan.frames(of: item, definition)
        var evaluator = Evaluator(tables, frames: frames)
        let id = try evaluator.value(definition.id, at: "id").text ?? ""
        guard !id.isEmpty, id.utf8.count <= 200 else {
            throw RowFault("expected a text of 1 to 200 bytes, got \(id.utf8.count)").at("id")
        }
        let time = try definition.time.map { (time) throws(RowFault) in try evaluator.value(time, at: "time") }
        let data = try evaluator.value(definition.data, at: "data")
        guard case .object = data else { throw RowFault("expected an object, got \(data.kind)").at("data") }

        let first = frames.last.map { origin(of: $0.row) }
        let identity = "\(definition.source) \(id)"
        if let other = ids[identity] {
            let place = other.map { "\(files[$0.file]):\($0.line)" } ?? mapping.file
            throw RowFault("\(place) has made a message of the same id already: \(id)").at("id")
        }
        ids[identity] = .some(first)
        usage.add(evaluator.used, message: definition.name)
        let subjects = frames.last.map { frame in
            (frame.group.isEmpty ? [frame.row.row] : frame.group).map {
                origin(of: RowReference(table: frame.row.table, row: $0))
            }
        }
        let others = Set(evaluator.used.map { origin(of: $0) }).subtracting(subjects ?? [])
        return ImportMessage(
            name: definition.name, stage: mapping.stages[item.stage].name, routingKey: definition.routingKey,
            type: definition.type, source: definition.source, id: id,
            body: Self.envelope(definition, id, time ?? .absent, data), subjects: subjects ?? [],
            sources: others.sorted { ($0.file, $0.line) < ($1.file, $1.line) })
    }

    private static func envelope(_ definition: MessageDefinition, _ id: String, _ time: Value, _ data: Value) -> [UInt8]
    {
        var members = [
            Value.Member(name: "specversion", value: .text("1.0")), Value.Member(name: "id", value: .text(id)),
            Value.Member(name: "source", value: .text(definition.source)),
            Value.Member(name: "type", value: .text(definition.type)),
            Value.Member(name: "datacontenttype", value: .text("application/json")),
        ]
        if time != .absent { members.append(Value.Member(name: "time", value: time)) }
        members.append(Value.Member(name: "data", value: data))
        var json = JSONText()
        json.write(.object(members))
        return json.bytes
    }

    private func origin(of row: RowReference) -> ImportMessage.Row {
        let origin = tables[row.table].origin(of: row.row)
        return ImportMessage.Row(file: origin.file, line: origin.line)
    }

    private mutating func refuse(_ item: ImportPlan.Item, _ fault: RowFault) {
        let definition = mapping.stages[item.stage].messages[item.message]
        let frames = ImportPlan.frames(of: item, definition)
        let row = fault.row ?? frames.last?.row
        let place = row.map { origin(of: $0) }
        let refusal = Refusal(
            kind: .message, file: place.map { files[$0.file] } ?? mapping.file, line: place?.line ?? 1,
            input: row.map { mapping.inputs[$0.table].name } ?? "", message: definition.name,
            reason: fault.path.isEmpty ? fault.text : "\(fault.path): \(fault.text)")
        refusals.append(refusal)
        for frame in frames {
            let subject = origin(of: frame.row)
            let elsewhere = subject == place ? "" : "\(refusal.file):\(refusal.line): "
            reasons[subject] = reasons[subject] ?? "\(definition.name): \(elsewhere)\(refusal.reason)"
        }
        if let place { reasons[place] = reasons[place] ?? "\(definition.name): \(refusal.reason)" }
    }
}
