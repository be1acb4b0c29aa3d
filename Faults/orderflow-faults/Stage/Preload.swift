import Foundation
import TestServers
import TestSite

/// The library that stands in front of the C library, in a server or a worker: a full disk, a wrong clock.
enum Preload {
    /// Where it stands: beside this program.
    static func path() throws -> String {
        let folder = URL(fileURLWithPath: try WorkerProcess.program()).deletingLastPathComponent()
        let path = folder.appendingPathComponent("libFaultPreload.so").path
        guard FileManager.default.fileExists(atPath: path) else {
            throw NotBuilt(path: path)
        }
        return path
    }

    private struct NotBuilt: Error { let path: String }

    /// Variables of a worker whose wall clock is so many seconds ahead.
    static func clock(ahead seconds: Int) throws -> [String: String] {
        ["LD_PRELOAD": try path(), "FAULT_CLOCK_SECONDS": String(seconds)]
    }
}

/// The database's disk: from `install` on, a folder of its data can be full.
struct DatabaseDisk {
    private let flag: String

    /// Starts the server anew with the library in front.
    static func install(on stage: Stage) throws -> DatabaseDisk {
        try stage.pair.postgres.preload(try Preload.path())
        try stage.pair.postgres.restart()
        try stage.site.reconnect()
        return DatabaseDisk(flag: try stage.site.text("SHOW data_directory").map { $0 + "/disk-full" } ?? "")
    }

    /// Nothing in this folder of the data grows from now on.
    func fill(_ folder: String) throws {
        try Data(folder.utf8).write(to: URL(fileURLWithPath: flag))
        // The server has a user of its own.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: flag)
    }

    /// There is room again.
    func clear() throws { try FileManager.default.removeItem(atPath: flag) }
}
