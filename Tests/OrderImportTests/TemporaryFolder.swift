import Glibc
import OrderImport

/// A folder of files that goes away with the test.
final class TemporaryFolder {
    let path: String
    private let names: [String]

    init(_ files: [String: String]) throws {
        var template = Array(
            "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/orderflow-import-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw ImportError(.input, file: "mkdtemp", "failed") }
        path = String(cString: made)
        names = Array(files.keys)
        for (name, text) in files { try write(name, Array(text.utf8)) }
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen("\(path)/\(name)", "we") else {
            throw ImportError(.input, file: name, "can't be written")
        }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw ImportError(.input, file: name, "can't be written")
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
