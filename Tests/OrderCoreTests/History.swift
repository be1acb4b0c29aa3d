import OrderCore

/// A seeded random story of a few orders: a business as it stands before, and what is then said, in some order.
struct History {
    let seed: UInt64
    var bench: Bench
    var messages: [Message] = []
    var random: SeededGenerator

    init(seed: UInt64, stock: ClosedRange<Int64>) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        bench = Bench(
            { policy in
                policy.onInvalid = Bool.random(using: &random) ? .reject : .hold
                policy.onShort = Bool.random(using: &random) ? .cancel : .hold
                policy.receipt = Bool.random(using: &random) ? .delivered : .confirmed
                policy.reviewWindow = Bool.random(using: &random) ? 0 : 3_600
            }, stock: ["A": Int64.random(in: stock, using: &random)])
        bench.receive("B", "S", Int64.random(in: stock, using: &random))
        self.random = random
        bench.secondsPerBatch = 0
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    /// The business after everything was said, in batches that end where `ends` says.
    func played(_ messages: [Message], endsBatch ends: (Int) -> Bool) -> Bench {
        var bench = bench
        var batch: [Message] = []
        for (index, message) in messages.enumerated() {
            batch.append(message)
            guard ends(index) || index == messages.count - 1 else { continue }
            bench.feed(batch)
            if !bench.broken.isEmpty {
                bench.broken.insert("seed \(seed), batch up to message \(index): \(message.payload)", at: 0)
                break
            }
            batch = []
        }
        return bench
    }
}

/// Valid facts only, as much stock as anyone wants, nobody cancels and no timer fires.
extension History {
    static func calm(seed: UInt64) -> History {
        var history = History(seed: seed, stock: 1_000...1_000)
        for number in 1...Int64.random(in: 1...3, using: &history.random) { history.tellCalmly(number) }
        return history
    }

    private mutating func tellCalmly(_ ordinal: Int64) {
        let order = pick(["web/\(ordinal)", "tm/\(ordinal)"])
        let term: PaymentTerm =
            order.hasPrefix("tm") ? .prepaid : pick([.online, .online, .cashOnDelivery, .onAccount])
        let lines = (0..<number(1...3)).map { _ in
            OrderPlaced.Line.of(pick(["A", "B"]), number(1...4), at: number(1...500))
        }
        let payable = lines.reduce(0) { $0 + $1.quantity * $1.unitPrice }
        messages.append(bench.placing(order, lines, term: term))
        if term == .online || term == .cashOnDelivery { pay(order, payable) }
        for warehouse in ["N", "S"] { shipCalmly(order, warehouse, lines) }
        if chance(50) || term != .prepaid { messages.append(bench.asking(.received, order)) }
        messages.append(bench.asking(.reviewed, order))
    }

    private mutating func pay(_ order: String, _ payable: Int64) {
        var left = payable
        var part: Int64 = 0
        while left > 0 {
            part += 1
            let amount = part == 3 ? left : number(1...left)
            let message = bench.paying(.captured, order, amount, "\(order) T\(part)")
            messages.append(message)
            if chance(20) { messages.append(bench.paying(.captured, order, amount, "\(order) T\(part)")) }
            left -= amount
        }
    }

    private mutating func shipCalmly(_ order: String, _ warehouse: String, _ lines: [OrderPlaced.Line]) {
        let sku = warehouse == "N" ? "A" : "B"
        var open = lines.enumerated().filter { $1.sku == sku }.map { (Int64($0 + 1), $1.quantity) }
        guard !open.isEmpty else { return }
        for kind in [FulfilmentReport.Kind.accepted, .picking, .packed] where chance(50) {
            messages.append(bench.reporting(kind, order, from: warehouse))
        }
        var parcel = 0
        while !open.isEmpty {
            parcel += 1
            var contents: [Int64: Int64] = [:]
            for (index, (line, quantity)) in open.enumerated() {
                let part = parcel == 3 ? quantity : number(0...quantity)
                if part > 0 { contents[line] = part }
                open[index].1 -= part
            }
            open.removeAll { $0.1 == 0 }
            guard !contents.isEmpty else { continue }
            let name = "\(order) \(warehouse)\(parcel)"
            let shipped = bench.reporting(.shipped, order, from: warehouse, parcel: name, contents)
            messages.append(shipped)
            if chance(20) { messages.append(shipped.copied(id: "again \(name)")) }
            messages.append(bench.reporting(.delivered, order, from: warehouse, parcel: name))
        }
    }
}

extension Message {
    /// The same business fact in another message.
    func copied(id: String) -> Message {
        var copy = self
        copy.identity.id = id
        return copy
    }
}
