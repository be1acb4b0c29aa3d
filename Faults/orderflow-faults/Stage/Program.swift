import Foundation
import TestSite

/// `orderflow` as a person runs it.
enum Program {
    struct Result { var status: Int32, output: String }

    /// Runs a command on a stage's servers to its end; what it printed, errors last.
    static func run(_ arguments: [String], on site: Site, environment: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try WorkerProcess.program())
        process.arguments = arguments
        process.environment = [
            "PATH": "/usr/bin:/bin", "ORDERFLOW_CONFIG": "/dev/null",
            "ORDERFLOW_POSTGRES_URL": site.servers.postgresURL(database: site.name),
            "ORDERFLOW_AMQP_URL": site.servers.amqpURL(vhost: site.name), "ORDERFLOW_INSTANCE": "test",
            "ORDERFLOW_MANAGEMENT_URL": site.servers.managementURL,
        ].merging(environment) { _, new in new }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Read before it ends: a pipe that is full would hold it up.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: said + complained, as: UTF8.self))
    }
}
