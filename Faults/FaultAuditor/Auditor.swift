internal import FoundationEssentials
internal import Postgres

/// Reads what was said, what is stored and what was heard, and says whether a promise was broken.
///
/// It shares no code with the worker: it knows the wire contract and the tables. The PostgreSQL client is all that it
/// takes from the project.
public struct Auditor {
    /// Sources that somebody outside the ledger uses, such as staff at a terminal.
    public var strangers: Set<String> = []
    /// Receivers that were taken away on purpose, and not given back.
    public var deafReceivers: Set<String> = []

    let said: Said
    let heard: Heard
    let database: PostgresConnection

    /// - Parameter database: `postgresql://` URL of the worker's database.
    public init(_ ledger: Ledger, _ hearings: [Hearing], database: String) throws {
        said = Said(ledger)
        heard = Heard(hearings)
        var configuration = try PostgresConfiguration(uri: database)
        configuration.applicationName = "auditor"
        self.database = try PostgresConnection(configuration)
    }

    /// Looks at everything. Call it when nothing moves any more.
    ///
    /// - Parameter notes: what others have seen that was not as it must be: unexpected.
    public func verdict(noting notes: [String] = []) throws -> Verdict {
        var verdict = Verdict()
        for note in notes { verdict.addUnexpected(note) }
        verdict.messages = said.messages.count
        verdict.events = heard.ids.count
        verdict.recovered = said.messages.values.reduce(0) { $0 + $1 - 1 } + heard.repeats
        try checkMessages(&verdict)
        try checkOrders(&verdict)
        try checkPayments(&verdict)
        try checkParcels(&verdict)
        try checkChanges(&verdict)
        try checkShares(&verdict)
        try checkStock(&verdict)
        try checkStreams(&verdict)
        try checkTold(&verdict)
        try checkRemains(&verdict)
        try checkHostile(&verdict)
        return verdict
    }

    func rows(_ sql: String) throws -> Rows { try database.query(sql) }
}
