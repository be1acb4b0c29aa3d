/// An input as the mapping describes it.
struct InputDefinition: Sendable {
    var name: String
    var source: Source
    /// The columns that the mapping knows, in its order.
    var columns: [String]
    /// What no two rows may have in common.
    var key: [Int] = []
    var one: [JoinDefinition] = []
    var many: [JoinDefinition] = []
    /// The messages of which one has to use each row; empty: any of them.
    var accountedBy: Set<String> = []

    enum Source {
        case file(FileDefinition)
        /// One row for each value that some columns of another input have.
        case group(table: Int, by: [Int])
    }
}

/// How a file of an input is found and read.
struct FileDefinition: Sendable {
    /// A file name; `*` stands for any characters.
    var pattern: String
    var delimiter = UInt8(ascii: ",")
    /// The first record names the columns.
    var hasHeader = true
}

/// Rows of another input that belong to a row.
struct JoinDefinition: Sendable {
    var name: String
    var table: Int
    var ours: [Int]
    var theirs: [Int]
    var sort: Expression?
}

/// Messages that are sent before the next stage begins.
struct StageDefinition: Sendable {
    var name: String
    /// By the time of each message; else as the mapping and the files have them.
    var isSortedByTime: Bool
    var messages: [MessageDefinition]
}

/// One message for each row of an input, or for each group of rows; without an input a single one.
struct MessageDefinition: Sendable {
    var name: String
    var table: Int?
    var each: RowsReference?
    /// The table of `each`.
    var eachTable: Int?
    var by: Expression?
    var condition: Condition?
    var routingKey: String
    var type: String
    var source: String
    var id: Expression
    var time: Expression?
    var data: Expression
}

/// A sum over an input, to be compared with what became of it.
struct TotalDefinition: Sendable {
    var name: String
    var table: Int
    var condition: Condition?
    var value: Expression
}
