import Glibc
import Postgres
import TestServers
import TestSite
import Testing

@Suite("P10: servers fail, work goes on by itself, nothing is lost", .serialized)
struct WorkerDisruptionTests {
    enum Disturbance: CaseIterable, Sendable {
        case brokerRestarted, brokerKilled, brokerFrozen
        case databaseRestarted, databaseKilled, databaseFrozen
        case connectionsClosed

        func happen(to pair: ServerPair, _ site: Site) throws {
            switch self {
            case .brokerRestarted: try pair.broker.restart()
            case .brokerKilled:
                try pair.broker.kill9()
                try pair.broker.start()
            case .brokerFrozen:
                try pair.broker.freeze()
                poll(nil, 0, 20_000)
                try pair.broker.thaw()
            case .databaseRestarted: try pair.postgres.restart()
            case .databaseKilled:
                try pair.postgres.kill9()
                try pair.postgres.start()
            case .databaseFrozen:
                try pair.postgres.freeze()
                poll(nil, 0, 20_000)
                try pair.postgres.thaw()
            case .connectionsClosed:
                for _ in 0..<5 {
                    try ManagementAPI(url: pair.managementURL).closeAllConnections(site.name)
                    poll(nil, 0, 700)
                }
            }
        }
    }

    @Test(
        "a server fails under load: every message has its one effect, every event is told in order, memory is bounded")
    func disturbed() async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("flow"))
            defer { try? pair.stop() }
            for disturbance in Disturbance.allCases { try disturb(disturbance, pair) }
        }
    }

    private func disturb(_ disturbance: Disturbance, _ pair: ServerPair) throws {
        try Site.run(workers: 0, lanes: 0, on: .own(pair)) { site in
            let workers = [try site.startProcess(lanes: 2), try site.startProcess()]
            try site.open(stock: 100_000)
            let count = 600
            for number in 1...count {
                try site.place("shop/\(number)", quantities: [2], id: "place \(number)")
                if number > 20 { try site.pay("shop/\(number - 20)", 2_000, id: "pay \(number - 20)") }
                if number == count / 2 { try disturbance.happen(to: pair, site) }
            }
            for number in (count - 19)...count { try site.pay("shop/\(number)", 2_000, id: "pay \(number)") }
            try site.flush()
            let session = try site.connect()
            try waitUntil("all are released after \(disturbance)", within: 180) {
                try session.query("SELECT count(*) FROM orders WHERE status = 'released'").only().int(0) == count
            }
            try site.reconnect()
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            try site.audit()
            #expect(try site.count("SELECT count(*) FROM payment_facts") == count)
            #expect(try site.count("SELECT reserved FROM stock") == count * 2)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            for worker in workers {
                #expect(worker.isRunning, "nothing crashes")
                #expect(worker.residentKilobytes < 300_000)
            }
        }
    }

    @Test("a memory alarm stops what is told, not what is taken in; after it all is told in order")
    func alarm() async throws {
        try await onThread {
            let pair = try ServerPair.start(TestServers.uniqueName("flow"))
            defer { try? pair.stop() }
            try Site.run(workers: 0, lanes: 0, on: .own(pair)) { site in
                let worker = try site.startProcess(lanes: 2)
                try site.open(stock: 100_000)
                for number in 1...500 { try site.place("shop/\(number)", term: "cash_on_delivery") }
                try site.flush()
                try pair.broker.limitMemory(to: "1")
                poll(nil, 0, 8_000)
                let before = try site.count("SELECT count(*) FROM orders")
                #expect(worker.isRunning)
                try pair.broker.limitMemory(to: "2GB")
                try site.wait("all are released, \(before) before", within: 180) {
                    try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == 500
                }
                try site.waitUntilQuiet()
                try site.checkDeliveries()
                try site.audit()
            }
        }
    }
}
