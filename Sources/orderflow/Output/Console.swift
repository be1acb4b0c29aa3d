internal import Glibc

/// Data goes to the standard output, messages for people to the error output.
enum Console {
    /// Data, with a line end.
    static func data(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// A message for people.
    static func message(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Begins a line that a person's answer ends.
    static func question(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// A line that the next one replaces, on a terminal; nothing elsewhere.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    /// Ends the line of `progress`.
    static func endProgress() {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                if count < 0, errno == EINTR { continue }
                // A reader that has gone (`| head`) wants no more.
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
