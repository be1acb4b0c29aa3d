import Foundation
import TestSite

/// A few lines of shell, as an administrator would type them.
enum Shell {
    /// Runs them to their end, with the arguments as `$1`, `$2`, …; what they printed. Throws where one fails.
    @discardableResult
    static func run(_ script: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script, "bash"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Unmet(what: "shell ended with \(process.terminationStatus): \(text.suffix(500))")
        }
        return text
    }
}
