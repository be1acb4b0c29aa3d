internal import Glibc

/// A yes or no of the person at the terminal, before much is changed.
enum Confirmation {
    /// Ends the command unless the answer is yes; where nobody can be asked, it needs `--yes`.
    static func require(_ question: String) throws(Failure) {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(.usage, "nothing was changed: add --yes to do it")
        }
        Console.question(question + " [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw Failure(.findings, "nothing was changed")
        }
    }
}
