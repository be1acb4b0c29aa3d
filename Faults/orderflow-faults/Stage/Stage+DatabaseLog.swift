import Foundation
import TestSite

extension Stage {
    /// How many lines of the database's log hold this text.
    func logged(_ text: String) throws -> Int {
        guard let data = try site.text("SHOW data_directory") else { return 0 }
        let folder = URL(fileURLWithPath: data).deletingLastPathComponent().deletingLastPathComponent()
        let log = try String(decoding: Data(contentsOf: folder.appendingPathComponent("postgres.log")), as: UTF8.self)
        return log.split(separator: "\n").count { $0.contains(text) }
    }

    /// How many errors of this text the workers' sessions have met.
    func workerErrors(_ text: String) throws -> Int { try logged("] orderflow test ERROR:  \(text)") }
}
