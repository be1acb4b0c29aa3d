import Glibc

/// Where findings and progress are written.
enum Terminal {
    /// A line.
    static func note(_ line: String) { write(line + "\n") }

    /// Progress that the next one overwrites, on a terminal; elsewhere nothing.
    static func tick(_ line: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K" + line)
    }

    /// Takes back what `tick` wrote.
    static func endTicks() { tick("") }

    private static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
