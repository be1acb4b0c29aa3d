import FaultAuditor
import Foundation
import OrderSimulator
import Postgres
import TestSite

extension FaultCase {
    /// Everything is said one to five times, and some of it with another content.
    static let duplicates = FaultCase(
        id: "F16", title: "every message one to five times, some with another content", isShort: true
    ) { stage in
        stage.speaker.echo(percent: 80, most: 4, within: 10)
        try stage.open(workers: 3)
        for index in 1...stage.scale.pick(20, 200, 1_000) { try stage.placeTwins(index) }
        var doubt = Doubt(stage)
        let end = ContinuousClock.now + .seconds(stage.scale.pick(8, 45, 240))
        while .now < end {
            stage.play(0.5)
            try doubt.contradict()
        }
        stage.load.place(perSecond: 0)
        let contradicted = doubt.said.union(stage.twins)
        stage.measure("messages contradicted", Double(contradicted.count), "")
        stage.time("staff see every conflict", limit: 30) { try contradicted.isSubset(of: stage.listedConflicts()) }
    }
}

/// Says something else than what was said before: once that has had its outcome, so that it is known which of them counts.
private struct Doubt {
    private let stage: Stage
    /// Source and id of what must be listed as a conflict.
    private(set) var said: Set<String> = []
    private var looked: Set<String> = []
    private var random: SeededGenerator

    init(_ stage: Stage) {
        self.stage = stage
        random = SeededGenerator(seed: stage.seed)
    }

    /// Contradicts one in ten of what has newly had its outcome, half of them under another identity.
    mutating func contradict() throws {
        let session = try stage.site.connect()
        defer { session.close() }
        var done: Set<String> = []
        for row in try session.query("SELECT source || ' ' || id FROM inbox WHERE outcome IN ('done', 'refused')") {
            done.insert(try row.text(0))
        }
        for entry in stage.speaker.ledger.entries where entry.fate == .effect {
            let name = "\(entry.source) \(entry.id)"
            guard done.contains(name), looked.insert(name).inserted, random.chance(percent: 10) else { continue }
            let id = random.chance(percent: 50) ? entry.id : "not " + entry.id
            guard let message = entry.contradicted(as: id) else { continue }
            said.insert("\(message.source) \(message.id)")
            stage.speaker.say(message, fate: .conflict)
        }
    }
}

extension Stage {
    private var twinCount: Int { scale.pick(20, 200, 1_000) }
    fileprivate var twins: Set<String> { Set((1...twinCount).map { "shop twin \($0)" }) }

    /// One identity with two contents at the same instant: one of them becomes an order.
    fileprivate func placeTwins(_ index: Int) throws {
        for quantity in 1...2 {
            try site.place("shop/twin-\(index)", quantities: [quantity], sku: "TEA", id: "twin \(index)")
        }
    }

    /// Source and id of all that `orderflow conflict list` names.
    fileprivate func listedConflicts() throws -> Set<String> {
        let listing = try Program.run(["conflict", "list", "--limit", "1000000", "-o", "json"], on: site)
        let rows = try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [[String: Any]] ?? []
        return Set(rows.map { "\($0["source"] ?? "") \($0["id"] ?? "")" })
    }
}

extension Ledger.Entry {
    /// The same thing with another content: another amount, another quantity, another time. Nil where the type may be said
    /// again with another content.
    fileprivate func contradicted(as id: String) -> SentMessage? {
        // A wish of staff may be said again in other words.
        guard type != "order.command.v1",
            var envelope = try? JSONSerialization.jsonObject(with: body) as? [String: Any],
            var data = envelope["data"] as? [String: Any]
        else { return nil }
        if let amount = data["amountMinor"] as? Int {
            data["amountMinor"] = amount + 1
        } else if type == "order.placed.v1" {
            data["lines"] = [["line": 1, "sku": "TEA", "quantity": 9, "unitPriceMinor": LoadOrder.unitPrice]]
            data["amounts"] = ["payableMinor": 9 * LoadOrder.unitPrice]
        } else if type.hasPrefix("fulfilment.") || type.hasPrefix("order.") {
            data["occurredAt"] = "2020-01-01T00:00:00Z"
        } else {
            return nil
        }
        envelope["data"] = data
        envelope["id"] = id
        guard let changed = try? JSONSerialization.data(withJSONObject: envelope, options: .sortedKeys) else {
            return nil
        }
        return SentMessage(source: source, id: id, type: type, key: routingKey, body: changed)
    }
}
