/// Which messages there will be, in which order; their bodies are made one by one.
struct ImportPlan {
    /// A message to be made.
    struct Item {
        var stage: Int
        var message: Int
        /// `nil`: the message has no rows.
        var row: Int?
        /// Of `each`: its row, or the group it stands for.
        var inner: Int?
        var group: [Int]
        /// Microseconds, where the stage is in order of time.
        var time: Int64
    }

    private(set) var items: [Item] = []
    private(set) var refusals: [(item: Item, fault: RowFault)] = []
    private let tables: [Table]
    private let stages: [StageDefinition]

    init(_ stages: [StageDefinition], _ tables: [Table]) {
        self.tables = tables
        self.stages = stages
        for stage in stages.indices {
            let start = items.count
            for message in stages[stage].messages.indices { plan(stage, message) }
            guard stages[stage].isSortedByTime else { continue }
            // Stable: of one time, as the mapping has the messages and the files the rows.
            let sorted = items[start...].enumerated().sorted {
                ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
            }
            items.replaceSubrange(start..., with: sorted.map(\.element))
        }
    }

    /// The rows in scope of a message.
    static func frames(of item: Item, _ definition: MessageDefinition) -> [Evaluator.Frame] {
        guard let table = definition.table, let row = item.row else { return [] }
        var outer = Evaluator.Frame(row: RowReference(table: table, row: row))
        guard let inner = item.inner, let table = definition.eachTable else {
            outer.group = item.group
            return [outer]
        }
        return [outer, Evaluator.Frame(row: RowReference(table: table, row: inner), group: item.group)]
    }

    private mutating func plan(_ stage: Int, _ message: Int) {
        let definition = stages[stage].messages[message]
        func item(_ row: Int?) -> Item { Item(stage: stage, message: message, row: row, group: [], time: 0) }
        guard let table = definition.table else { return keep([item(nil)], definition) }
        let rows = 0..<tables[table].count
        guard let each = definition.each else {
            let candidates = rows.map { item($0) }
            return keep(definition.by == nil ? candidates : grouped(candidates, definition) { $0.row ?? 0 }, definition)
        }
        for row in rows {
            var evaluator = Evaluator(tables, frames: Self.frames(of: item(row), definition))
            do throws(RowFault) {
                let inner = try evaluator.rows(each).map { found in
                    var item = item(row)
                    item.inner = found.row
                    return item
                }
                keep(definition.by == nil ? inner : grouped(inner, definition) { $0.inner ?? 0 }, definition)
            } catch {
                refusals.append((item(row), error))
            }
        }
    }

    /// One item for each value of `by`: the first, with the rows of all.
    private mutating func grouped(
        _ candidates: [Item], _ definition: MessageDefinition, _ row: (Item) -> Int
    ) -> [Item] {
        guard let by = definition.by else { return candidates }
        var groups: [Item] = []
        var places: [String: Int] = [:]
        for candidate in candidates {
            var evaluator = Evaluator(tables, frames: Self.frames(of: candidate, definition))
            do throws(RowFault) {
                guard let value = try evaluator.text(by) else {
                    throw RowFault("what the rows are grouped by is empty")
                }
                if let place = places[value] {
                    groups[place].group.append(row(candidate))
                } else {
                    places[value] = groups.count
                    groups.append(candidate)
                    groups[groups.count - 1].group = [row(candidate)]
                }
            } catch {
                refusals.append((candidate, error.at("by")))
            }
        }
        return groups
    }

    private mutating func keep(_ candidates: [Item], _ definition: MessageDefinition) {
        for var item in candidates {
            var evaluator = Evaluator(tables, frames: Self.frames(of: item, definition))
            do throws(RowFault) {
                if let condition = definition.condition, try !evaluator.holds(condition) { continue }
                if stages[item.stage].isSortedByTime, let time = definition.time {
                    let value = try evaluator.value(time, at: "time")
                    guard case .time(let moment) = value else {
                        throw RowFault("expected a time, got \(value.kind)").at("time")
                    }
                    item.time = moment.microseconds
                }
                items.append(item)
            } catch {
                refusals.append((item, error))
            }
        }
    }
}
