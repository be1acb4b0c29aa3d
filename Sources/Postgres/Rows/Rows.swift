internal import CPostgres

/// The rows that a statement returned. The values stay in libpq's memory until asked for.
public struct Rows: RandomAccessCollection, Sendable {
    let result: ResultHandle
    /// How many rows there are.
    public let count: Int

    init(_ result: ResultHandle) {
        self.result = result
        count = Int(PQntuples(result.pointer))
    }

    /// The index of the first row.
    public var startIndex: Int { 0 }

    /// One past the index of the last row.
    public var endIndex: Int { count }

    /// A row by its place.
    public subscript(index: Int) -> Row {
        precondition(index >= 0 && index < count, "a row is asked for within its result")
        return Row(result: result, index: Int32(index))
    }

    /// How many rows the command inserted, updated, deleted or selected; 0 for a command that does none of it.
    public var affected: Int {
        PQcmdTuples(result.pointer).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// The command's tag, for example `INSERT 0 5`.
    public var commandTag: String {
        PQcmdStatus(result.pointer).map { String(cString: $0) } ?? ""
    }

    /// The names of the columns.
    public var columnNames: [String] {
        result.types.indices.map { result.columnName(Int32($0)) }
    }

    /// The only row; throws when there is none or more than one.
    public func only() throws(PostgresError) -> Row {
        guard count == 1 else {
            throw PostgresError(.malformedValue, "expected one row, got \(count)", statement: result.statement)
        }
        return self[0]
    }
}

/// Owns a `PGresult`. Sendable because a result is only ever read once it is here.
final class ResultHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let statement: String
    /// The type of each column, by object identifier.
    let types: [UInt32]

    init(_ pointer: OpaquePointer, statement: String) {
        self.pointer = pointer
        self.statement = statement
        types = (0..<PQnfields(pointer)).map { PQftype(pointer, $0) }
    }

    deinit {
        PQclear(pointer)
    }

    func columnName(_ column: Int32) -> String {
        PQfname(pointer, column).map { String(cString: $0) } ?? "column \(column)"
    }
}
