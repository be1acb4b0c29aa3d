internal import Glibc

/// Where data and progress are written.
enum Terminal {
    /// A line of data.
    static func say(_ line: String = "") {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// A line of progress.
    static func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Progress that the next one overwrites, on a terminal; elsewhere nothing.
    static func tick(_ line: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// Takes back what `tick` wrote.
    static func endTicks() {
        tick("")
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
