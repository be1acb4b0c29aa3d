/// One fault: what is done to a stage under load, and what must be seen besides a clean verdict.
struct FaultCase: Sendable {
    let id: String
    let title: String
    /// Part of the short form, which runs with the tests.
    var isShort = false
    /// Takes far longer than most: it begins first, so that it is not waited for alone in the end.
    var isLong = false
    /// Does it. What is not as it must be is noted on the stage; errors end the case.
    let run: @Sendable (Stage) throws -> Void

    /// All of them, in order.
    static let all: [FaultCase] = [
        killedWorkers,
        killedCrew,
        frozenWorkers,
        brokerRestarts,
        databaseRestarts,
        frozenServers,
        closedByBroker,
        badNetwork,
        brokerAlarms,
        databaseRefuses,
        fullLog,
        lockStorm,
        openTransaction,
        wrongClocks,
        poison,
        rollingRestart,
        duplicates,
        oversold,
        crossings,
        upgrade,
        restore,
        hostileInput,
    ]
}
