import AMQP
import FaultAuditor
import Foundation
import Glibc
import OrderSimulator
import OrderWorker
import Postgres
import TestServers
import TestSite

/// One fault's stage: servers of its own, a database and a vhost, workers, load, ledger and receivers.
final class Stage: @unchecked Sendable {
    let pair: ServerPair
    /// The name of its pair of servers, as `scripts/services` knows it.
    let instance: String
    let site: Site
    let speaker: Speaker
    let load: Load
    let crew: Crew
    let scale: Scale
    let seed: UInt64
    var random: SeededGenerator

    /// Sources outside the ledger that may speak, such as a person at a terminal.
    var strangers: Set<String> = []
    /// Receivers that were taken away and not given back.
    var deafReceivers: Set<String> = []
    /// So long nothing may happen before all has come to its end: an answer may be on its way between any two of us.
    var calmSeconds = 1.5
    /// What the program's own audit is run with, where it needs more than the addresses.
    var auditEnvironment: [String: String] = [:]
    /// Ways to the servers that can be disturbed; they are needed as long as the workers are.
    var lines: [Line] = []
    /// Figures for the report.
    private(set) var measures: [Measure] = []
    /// What was not as it must be, beside what the auditor finds.
    private(set) var findings: [String] = []

    init(_ site: Site, _ pair: ServerPair, instance: String, _ scale: Scale, seed: UInt64) throws {
        self.pair = pair
        self.instance = instance
        self.site = site
        self.scale = scale
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let url = try site.amqpURL()
        let speaker = Speaker(seed: seed) { Sender(url) }
        self.speaker = speaker
        site.outlet = { speaker.say($0) }
        load = Load(site, seed: seed)
        crew = Crew(site)
        speaker.echo(percent: 3)
    }

    /// Opens the shop, with workers, and lets orders come.
    ///
    /// - Parameter perSecond: orders; 0 lets the scene place its own.
    func open(workers: Int = 2, lanes: Int = 1, perSecond: Double? = nil, stock: Int = 1_000_000) throws {
        crew.scale(to: workers) { $0.lanes = lanes }
        try site.open(skus: LoadOrder.skus, stock: stock, warehouses: LoadOrder.warehouses)
        load.place(perSecond: perSecond ?? usualRate)
    }

    /// Orders a second that leave the machine room for other stages.
    var usualRate: Double { scale.pick(10, 20, 30) }

    /// Lets things go on for so many seconds.
    func play(_ seconds: Double) { poll(nil, 0, Int32(seconds * 1_000)) }

    /// Waits for something that must come; it is a finding where it does not within three times `limit` seconds.
    ///
    /// - Returns: the seconds that it took.
    @discardableResult
    func time(_ what: String, limit: Double, until condition: () throws -> Bool) -> Double {
        let start = ContinuousClock.now
        while (try? condition()) != true {
            guard .now - start < .seconds(limit * 3) else {
                note("not within \(Int(limit * 3)) s: \(what)")
                break
            }
            poll(nil, 0, 10)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        measure(what, seconds, "s", limit: limit)
        return seconds
    }

    /// A figure for the report; of several with one name the largest stands.
    func measure(_ name: String, _ value: Double, _ unit: String, limit: Double? = nil) {
        guard let index = measures.firstIndex(where: { $0.name == name }) else {
            return measures.append(Measure(name: name, count: 1, largest: value, unit: unit, limit: limit))
        }
        measures[index].count += 1
        measures[index].largest = max(measures[index].largest, value)
    }

    /// Something was not as it must be.
    func note(_ finding: String) { findings.append(finding) }

    /// Notes what does not hold.
    func check(_ holds: Bool, _ finding: @autoclosure () -> String) { if !holds { note(finding()) } }

    /// A number from the database, on a session of its own: the site's may be gone.
    func count(_ sql: String) throws -> Int {
        let session = try site.connect()
        defer { session.close() }
        return try session.query(sql).only().int(0)
    }

    /// Orders that the worker has taken so far.
    func takenOrders() throws -> Int { try count("SELECT count(*) FROM orders") }
}

/// A figure of the report.
struct Measure: Codable, Sendable {
    var name: String
    /// How often it was measured.
    var count: Int
    var largest: Double
    var unit: String
    /// What it must stay below, on a machine that has nothing else to do.
    var limit: Double?
}
