import FoundationEssentials
import OrderSimulator
import OrderStore
import Postgres
import Testing

@testable import OrderCore

/// Random small worlds: who waits is called by what the database knows, and served by what the rules say. At rest the two are
/// to agree. `ORDERFLOW_TEST_SEED=<seed>` runs one world alone.
@Suite("Giving out stock, in random worlds")
struct GiveOutLawTests {
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["ORDERFLOW_TEST_SEED"].flatMap(UInt64.init).map { [$0] }
        ?? Array(1...13) + [21]

    @Test(
        "when all is given out nobody waits for what he could have, no channel has more than its share, no turn is broken",
        arguments: seeds)
    func laws(seed: UInt64) async throws {
        try await TestStore.use { database in
            var play = try GiveOutPlay(database, seed: seed)
            for _ in 0..<30 { try play.step() }
            try play.world.rest()
            // Whoever is looked at once more finds nothing that he was not called for.
            for number in try play.world.waiting() {
                let before = try play.reservations(of: number)
                try play.world.look(number)
                let after = try play.reservations(of: number)
                #expect(before == after, "seed \(seed): \(number) waited for what it could have")
            }
            #expect(play.world.broken == [], "seed \(seed)")
            let verdicts = try Audit().run(on: database.connect())
            let problems = verdicts.filter { $0.count > 0 && $0.check.name.hasPrefix("stock") }
            #expect(problems.map(\.check.name) == [], "seed \(seed)")
        }
    }
}

/// What happens in a random world.
private struct GiveOutPlay {
    var world: GiveOutWorld
    private var random: SeededGenerator
    private var orders = 0
    private var parcels = 0

    private static let shops = ["SHOP", "APP", "MALL"]
    private static let skus = ["A", "B"]
    private static let warehouses = ["N", "S"]

    init(_ database: TestStore, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let warehouses = Self.warehouses.map { code in
            var warehouse = Warehouse(code: code)
            if random.isLucky(20) { warehouse.areas = ["上海"] }
            return warehouse
        }
        let splits = random.isLucky(30)
        world = try GiveOutWorld(database, shops: Self.shops, warehouses: warehouses) {
            $0.allowsSplitBackorders = splits
        }
        world.rules = Self.rules(&random)
        self.random = random
    }

    private static func rules(_ random: inout SeededGenerator) -> RuleSet {
        var written = RuleSet(label: "v1")
        for shop in shops {
            if random.isLucky(70) {
                var action = BackorderAction(rank: Int64(random.number(0...2)))
                action.smallerFirst = random.isLucky(40)
                var rule = Rule("turn-\(shop)", .backorder)
                (rule.sellers, rule.actions) = ([shop], [.backorder(action)])
                written.rules.append(rule)
            }
            guard random.isLucky(60) else { continue }
            let steps = (0...random.number(0...1)).map { _ in
                var step = SourceAction.Step()
                step.warehouses = [["N"], ["S"], []][random.number(0...2)]
                step.isPartial = random.isLucky(50)
                step.minimumValue = random.isLucky(80) ? 0 : 200
                return step
            }
            var action = SourceAction(steps: steps)
            action.waits = random.isLucky(50)
            var rule = Rule("places-\(shop)", .source)
            (rule.sellers, rule.actions) = ([shop], [.source(action)])
            written.rules.append(rule)
        }
        if random.isLucky(60) {
            var share = StockShare(parts: ["APP": .percent(Int64(random.number(0...60)))])
            if random.isLucky(50) { share.parts["SHOP"] = .units(Int64(random.number(0...6))) }
            if random.isLucky(30) { share.skus = ["A"] }
            if random.isLucky(30) { share.warehouses = ["N"] }
            written.shares = [share]
        }
        return written
    }

    mutating func step() throws {
        switch random.number(0...9) {
        case 0...4: try place()
        case 5...6:
            let (sku, code) = (Self.skus[random.number(0...1)], Self.warehouses[random.number(0...1)])
            try world.receive(Int64(random.number(1...6)), of: sku, in: code)
        case 7: try cancel()
        case 8: try ship()
        default: try world.rest()
        }
    }

    private mutating func place() throws {
        orders += 1
        let number = "\(Self.shops[random.number(0...2)])/\(orders)"
        let lines = (0...random.number(0...2)).map { _ in
            (sku: Self.skus[random.number(0...1)], units: Int64(random.number(1...5)))
        }
        let isFar = random.isLucky(20)
        try world.place(number, lines) { if isFar { $0.receiver.city = "拉萨" } }
    }

    private mutating func cancel() throws {
        let all = "SELECT number FROM orders WHERE status <> 'cancelled' ORDER BY number"
        guard let number = try any(all) else { return }
        try world.run([.command(StaffCommand(orderNumber: number, action: .cancel, by: "li", reason: "asked"))])
    }

    private mutating func ship() throws {
        let open = "SELECT id FROM fulfilments WHERE state = 'released' ORDER BY id"
        guard let id = try any(open), let order = Fulfilment.orderNumber(ofIdentifier: id) else { return }
        parcels += 1
        var report = FulfilmentReport(
            kind: .shipped, orderNumber: order, fulfilment: id, warehouse: nil, occurredAt: .noon)
        report.shipment = "P\(parcels)"
        try world.run([.fulfilment(report)])
    }

    private mutating func any(_ query: String) throws -> String? {
        let found = try world.store.connection.query(query).map { try $0.text(0) }
        return found.isEmpty ? nil : found[random.number(0...(found.count - 1))]
    }

    func reservations(of number: String) throws -> Int64 {
        try world.store.connection.query(
            "SELECT coalesce(sum(reserved), 0)::bigint FROM fulfilment_lines WHERE order_number = '\(number)'"
        ).only().int64(0)
    }
}

extension SeededGenerator {
    fileprivate mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    fileprivate mutating func isLucky(_ percent: Int) -> Bool { number(0...99) < percent }
}
