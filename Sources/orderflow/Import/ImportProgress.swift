internal import Glibc

/// How far an import came: a file of one line, replaced as a whole.
struct ImportProgress {
    private let file: String?
    private let fingerprint: String
    /// Messages that were confirmed to an earlier run of the same files and mapping.
    let start: Int

    /// - Parameter fingerprint: of mapping and files; a file about others is not believed.
    init(file: String?, fingerprint: String) throws(Failure) {
        self.file = file
        self.fingerprint = fingerprint
        guard let file, access(file, F_OK) == 0 else {
            start = 0
            return
        }
        let parts = (TextFile.read(file) ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == 2, let count = Int(parts[1]), count >= 0 else {
            throw Failure(.usage, "\(file): not the place of an import; remove it to begin again")
        }
        start = parts[0] == fingerprint ? count : 0
        if parts[0] != fingerprint {
            Console.message("\(file): files or mapping have changed: beginning again")
        }
    }

    /// What to do after it was stopped.
    var advice: String {
        file.map { "the same command goes on from the place in \($0)" }
            ?? "the same command begins again, which is harmless (--resume FILE keeps the place)"
    }

    func keep(_ confirmed: Int) throws(Failure) {
        guard let file else { return }
        try FileText.replace(file, "\(fingerprint) \(confirmed)\n")
    }

    /// Nothing is left to go on with.
    func end(isComplete: Bool) throws(Failure) {
        if let file, isComplete { unlink(file) }
    }
}

/// Writing files.
enum FileText {
    /// Either the old text or the new one stands in the file, whatever happens.
    static func replace(_ path: String, _ text: String) throws(Failure) {
        let new = path + ".new"
        func fail() -> Failure { Failure(.usage, "\(path): \(String(cString: strerror(errno)))") }
        guard let file = fopen(new, "we") else { throw fail() }
        let bytes = Array(text.utf8)
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
        guard fclose(file) == 0, isWritten, rename(new, path) == 0 else { throw fail() }
    }
}
