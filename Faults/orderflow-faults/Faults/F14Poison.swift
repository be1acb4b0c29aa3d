import FaultAuditor
import Foundation
import Postgres
import TestSite

extension FaultCase {
    /// Messages that can't be read, can't be applied, end the process or hang it, among innocent ones.
    static let poison = FaultCase(
        id: "F14", title: "poison: one in a hundred, thousands in a row, one that traps, one that hangs",
        isShort: true, isLong: true
    ) { stage in
        // A trap is SIGILL or SIGTRAP; 70 is the watchdog's, 30 s after a lane has come to hang.
        stage.crew.scale(to: 0) { settings in
            settings.allowedEnds = [-4, -5, 70]
            settings.environment["SWIFT_BACKTRACE"] = "enable=no"
        }
        try stage.open(workers: 3, perSecond: stage.usualRate * 2)
        var chemist = Chemist(stage)
        for _ in 0..<stage.scale.pick(1, 2, 10) {
            try chemist.order("poison: trap")
            stage.time("what traps is dead", limit: 60) { try stage.dead("crash_suspect") == chemist.traps }
        }
        for _ in 0..<stage.scale.pick(500, 10_000, 10_000) { try chemist.mix(.malformed) }
        try chemist.mixOneInHundred(for: stage.scale.pick(5, 15, 120))
        let hangs = stage.scale.pick(0, 1, 3)
        for _ in 0..<hangs { try chemist.order("poison: hang") }
        try chemist.mixOneInHundred(for: stage.scale.pick(0, 10, 60))
        stage.load.place(perSecond: 0)
        if hangs > 0 {
            // What a worker that hangs has received comes to another when the watchdog has ended it.
            var meter = CPUMeter(stage.crew)
            stage.time("what hangs is dead", limit: Double(200 * hangs)) {
                meter.look(at: stage.crew)
                stage.play(0.2)
                return try stage.dead("crash_suspect") == chemist.traps + hangs
            }
            stage.measure("processor time of the workers while one hangs", meter.percent, "%", limit: 30)
            stage.check(meter.percent < 90, "the workers are busy while one hangs: \(meter.percent.short) % of a core")
        }
        stage.time("all others are done", limit: 30) {
            try stage.speaker.isIdle && stage.load.isIdle && stage.untaken() <= 0
        }
        var groups: [String: Int] = [:]
        stage.time("staff see all poison in groups", limit: 10) {
            groups = try stage.deadGroups()
            return groups == chemist.groups
        }
        for (group, count) in chemist.groups where groups[group] != count {
            stage.note("\(groups[group] ?? 0) of \(count) are listed as \(group)")
        }
        for group in groups.keys where chemist.groups[group] == nil { stage.note("who said \(group)?") }
    }
}

/// What can be wrong with a message, and the group that it is listed in.
private enum Wrong: String, CaseIterable {
    case malformed = "malformed payment.captured.v1 amountMinor"
    case notJSON = "not_json"
    case notUTF8 = "not_utf8"
    case unknownType = "unknown_type payment.cptured.v1"
    case unknownVersion = "unknown_version payment.captured.v9"
    case wrongQueue = "wrong_queue payment.captured.v1"
    case nameless = "missing_identity payment.captured.v1"
    case orderWithoutNumber = "malformed order.placed.v1 orderNumber"
}

/// Makes poison, and keeps count of it.
private struct Chemist {
    private let stage: Stage
    private var count = 0
    private var mixed = 0
    private var innocent = 0
    private(set) var traps = 0
    /// How many there must be in each group.
    private(set) var groups: [String: Int] = [:]

    init(_ stage: Stage) { self.stage = stage }

    /// An order with a remark that does what it says where the order is decided.
    mutating func order(_ remark: String) throws {
        count += 1
        if remark == "poison: trap" { traps += 1 }
        groups["crash_suspect", default: 0] += 1
        let message = try SentMessage(
            "order.placed.v1", to: "order.internal",
            ["orderNumber": "shop/poison-\(count)", "placedAt": stage.site.now, "remark": remark], id: "poison \(count)"
        )
        stage.speaker.say(message, fate: .dead)
    }

    /// One poisoned message for each hundred that are said, for so many seconds.
    mutating func mixOneInHundred(for seconds: Int) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while .now < end {
            stage.play(0.5)
            try mixOneInHundred()
        }
    }

    private mutating func mixOneInHundred() throws {
        let said = stage.speaker.ledger.entries.count { $0.fate == .effect }
        while innocent + 100 <= said {
            innocent += 100
            mixed += 1
            try mix(Wrong.allCases[mixed % Wrong.allCases.count])
        }
    }

    /// One poisoned message.
    mutating func mix(_ wrong: Wrong) throws {
        count += 1
        groups[wrong.rawValue, default: 0] += 1
        let (type, key) = ("payment.captured.v1", "payment.callback")
        var data: [String: Any] = [
            "gateway": "alipay", "transactionId": "P-\(count)", "orderNumber": "shop/1", "amountMinor": 1,
            "currency": "CNY", "occurredAt": stage.site.now, "operationId": "op",
        ]
        if wrong == .malformed { data["amountMinor"] = "ten" }
        let id = "poison \(count)"
        var message =
            switch wrong {
            case .malformed:
                try {
                    data["amountMinor"] = "ten"
                    return try SentMessage(type, to: key, data, id: id)
                }()
            case .unknownType: try SentMessage("payment.cptured.v1", to: key, data, id: id)
            case .unknownVersion: try SentMessage("payment.captured.v9", to: key, data, id: id)
            case .wrongQueue: try SentMessage(type, to: "warehouse.callback", data, id: id)
            case .orderWithoutNumber: try SentMessage("order.placed.v1", to: "order.internal", ["lines": []], id: id)
            case .nameless, .notJSON, .notUTF8: try SentMessage(type, to: key, data, source: "", id: id)
            }
        if wrong == .notJSON { message.body.removeLast() }
        if wrong == .notUTF8 { message.body += [0x20, 0xFF, 0xFE] }
        stage.speaker.say(message, fate: .dead)
    }
}

extension Stage {
    /// Dead messages of a group.
    fileprivate func dead(_ fingerprint: String) throws -> Int {
        try count("SELECT count(*) FROM dead_messages WHERE fingerprint = '\(fingerprint)'")
    }

    /// How many messages `orderflow dead groups` names in each group.
    fileprivate func deadGroups() throws -> [String: Int] {
        let listing = try Program.run(["dead", "groups", "-o", "json"], on: site)
        let rows = try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [[String: Any]] ?? []
        return Dictionary(
            rows.map { ($0["group"] as? String ?? "", $0["messages"] as? Int ?? 0) }, uniquingKeysWith: +)
    }
}
