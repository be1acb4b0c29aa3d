import Glibc
import TestSite
import Testing

@Suite("P1, P2, P4: whole effect or none, once, and every event told in order", .serialized)
struct KillTests {
    @Test("workers are killed 24 times under load: every message has one effect and every event is told in order")
    func killed() async throws {
        try await Site.use(workers: 0) { site in
            var random = SplitMix(seed: 20_261_121)
            var workers = try (0..<4).map { try site.startProcess(lanes: $0 % 2 + 1) }
            try site.open(skus: ["TEA", "CUP"], stock: 100_000)
            var orders: [String] = []
            for round in 0..<24 {
                for _ in 0..<120 { try place(orders.count + 1, &orders, site) }
                for number in orders.suffix(240) where Bool.random(using: &random) { try pay(number, site) }
                // All is on its way, so that batches are in hand when the blow falls.
                try site.flush()
                usleep(UInt32.random(in: 0...60_000, using: &random))
                let index = round % workers.count
                workers[index].kill9()
                workers[index] = try site.startProcess(lanes: round % 2 + 1)
            }
            for number in orders { try pay(number, site) }
            try site.flush()
            try site.waitWhileMoving("all orders are released") {
                try site.count("SELECT count(*) FROM orders WHERE status = 'released'") == orders.count
            }
            try site.waitUntilQuiet()

            try site.checkDeliveries()
            try site.audit()
            #expect(try site.count("SELECT count(*) FROM orders") == orders.count)
            #expect(try site.count("SELECT count(*) FROM payment_facts") == orders.count)
            #expect(try site.count("SELECT sum(reserved)::bigint FROM stock") == orders.count * 3)
            #expect(try site.count("SELECT sum(captured)::bigint FROM orders") == orders.count * 3_000)
            #expect(try site.count("SELECT count(*) FROM dead_messages") == 0)
            #expect(try site.count("SELECT count(*) FROM conflicts") == 0)
            #expect(site.sink.told("wms", "fulfilment.requested").count == orders.count)
            #expect(site.sink.told("finance", "order.paid").count == orders.count)
        }
    }

    @Test("a worker that is killed between commit and ack has its events told by a survivor, under the same ids")
    func adopted() async throws {
        try await Site.use(workers: 0) { site in
            let doomed = try site.startProcess()
            try site.open()
            for number in 1...300 { try site.place("shop/\(number)") }
            try site.wait("something is committed") { try site.count("SELECT count(*) FROM orders") > 0 }
            let dead = try site.count("SELECT number FROM lanes")
            doomed.kill9()
            try site.startProcess()
            try site.waitWhileMoving("all orders are there") { try site.count("SELECT count(*) FROM orders") == 300 }
            try site.waitUntilQuiet()
            try site.checkDeliveries()
            try site.wait("the dead lane is forgotten") {
                try site.text("SELECT string_agg(number::text, ' ') FROM lanes WHERE number <> \(dead)") != nil
                    && site.count("SELECT count(*) FROM lanes WHERE number = \(dead)") == 0
            }
        }
    }

    /// Two lines, so that orders meet on two stock rows; each message goes out twice now and then.
    private func place(_ index: Int, _ orders: inout [String], _ site: Site) throws {
        let number = "shop/\(index)"
        orders.append(number)
        for _ in 0...(index % 5 == 0 ? 1 : 0) {
            try site.place(number, quantities: [1, 2], id: "place \(number)") { data in
                data["placedAt"] = "2026-11-21T10:00:00Z"
                data["lines"] = [
                    ["line": 1, "sku": index % 2 == 0 ? "TEA" : "CUP", "quantity": 1, "unitPriceMinor": 1_000],
                    ["line": 2, "sku": index % 2 == 0 ? "CUP" : "TEA", "quantity": 2, "unitPriceMinor": 1_000],
                ]
            }
        }
    }

    private func pay(_ number: String, _ site: Site) throws {
        try site.pay(number, 3_000, id: "pay \(number)") { $0["occurredAt"] = "2026-11-21T10:01:00Z" }
    }
}

/// The same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
