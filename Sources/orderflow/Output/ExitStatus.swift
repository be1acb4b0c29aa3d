/// What the program's end tells scripts.
enum ExitStatus: Int32 {
    case ok = 0
    /// It worked, and there is something to see to: findings, refusals, lines that were not sent.
    case findings = 1
    /// Usage, configuration or set-up: nothing was done, and trying again changes nothing.
    case usage = 2
    /// A server is away or doesn't answer: trying again later may help.
    case unavailable = 3
    /// The answer did not come in the time given; what was asked may still happen.
    case timedOut = 4

    /// The section of the help.
    static let help = """
        EXIT STATUS:
          0  all is well
          1  done, and there is something to see to: findings, a refusal, lines that were not sent
          2  wrong usage, configuration or set-up (also a database that is not migrated)
          3  a server is away or does not answer
          4  the outcome did not come in the time given; it may still come
        """
}

/// An end with a message and a status.
struct Failure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
