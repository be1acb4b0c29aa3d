public import Postgres

/// What went wrong between the order flow and its database.
public enum StoreError: Error, Sendable {
    /// The database refused, or can't be reached.
    case database(PostgresError)
    /// A row reads back as what cannot be: its order is to be quarantined.
    case impossibleRow(ImpossibleRow)
    /// A rule of this module was broken by its caller.
    case misuse(String)

    /// What to do about it.
    public var policy: FaultPolicy {
        switch self {
        case .database(let error): error.policy
        case .impossibleRow, .misuse: .pause
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What happened, to what; no personal data.
    public var description: String {
        switch self {
        case .database(let error): error.description
        case .impossibleRow(let row): row.description
        case .misuse(let sentence): sentence
        }
    }
}

/// A row that holds what the program can't have written.
public struct ImpossibleRow: Error, Hashable, Sendable, CustomStringConvertible {
    /// The table.
    public let table: String
    /// The row's key, as text.
    public let key: String
    /// The column that can't be read.
    public let column: String
    /// The order it belongs to.
    public let orderNumber: String?

    /// What is wrong with which row; the value itself is not told, as it may be personal.
    public var description: String {
        "\(table) \(key): column \(column) holds a value that this program does not know"
    }
}

/// Runs what the database does and wraps its error.
@discardableResult
func database<Output>(_ body: () throws(PostgresError) -> Output) throws(StoreError) -> Output {
    do throws(PostgresError) {
        return try body()
    } catch {
        throw .database(error)
    }
}
