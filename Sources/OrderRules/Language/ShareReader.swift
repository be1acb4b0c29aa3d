internal import OrderCore

/// What a split of stock by channel may have.
enum ShareKey: String, CaseIterable {
    case skus, warehouses, channels
}

/// Reads `stockShares:`: which channel may sell how much of which stock.
struct ShareReader {
    let context: RuleContext

    /// Those of all files, in their order.
    func read(_ nodes: [RuleNode]) -> [StockShare] {
        var shares: [(share: StockShare, node: RuleNode)] = []
        for element in nodes.flatMap({ $0.elements() ?? [] }) {
            guard let share = share(element) else { continue }
            if let first = shares.first(where: { $0.share.covers(share) }) {
                element.warning("never counts: \(first.node.place) speaks of the same stock, and comes first")
            }
            shares.append((share, element))
        }
        return shares.map(\.share)
    }

    private func share(_ node: RuleNode) -> StockShare? {
        guard let members = node.members(ShareKey.keys) else { return nil }
        guard let channels = members["channels"] else {
            node.error("stock is split by `channels`: {shop: 60%, app: 20}")
            return nil
        }
        var share = StockShare(parts: parts(channels))
        share.skus = Set((members["skus"]?.listOrOne() ?? []).flatMap(skus))
        if let given = members["skus"], share.skus.isEmpty { given.error("no SKU; without this key it is every one") }
        for code in members["warehouses"]?.listOrOne() ?? [] {
            guard let warehouse = code.text() else { continue }
            context.checkWarehouse(warehouse, code)
            share.warehouses.insert(warehouse)
        }
        return share
    }

    /// A SKU, or the entries of a list: `{inList: tea}`.
    private func skus(_ node: RuleNode) -> [String] {
        guard node.isMapping else { return node.text().map { [$0] } ?? [] }
        guard let name = node.members([RuleOperator.inList.rawValue])?[RuleOperator.inList.rawValue],
            let text = name.text()
        else { return [] }
        guard context.use(text), let list = context.lists[text] else {
            name.error(Spelling.unknown("list", text, among: context.lists.keys.sorted()))
            return []
        }
        return Array(list.list.entries)
    }

    /// `{shop: 60%, app: 20}`
    private func parts(_ node: RuleNode) -> [String: StockShare.Part] {
        var parts: [String: StockShare.Part] = [:]
        var percents: Int64 = 0
        for (code, value) in node.members() ?? [] {
            context.checkSeller(code, value, isKey: true)
            guard let part = part(value) else { continue }
            parts[code] = part
            if case .percent(let percent) = part { percents += percent }
        }
        if parts.isEmpty { node.error("expected who has how much, as {shop: 60%, app: 20}") }
        if percents > 100 { node.error("the shares sum to \(percents)%: more than there is") }
        return parts
    }

    private func part(_ node: RuleNode) -> StockShare.Part? {
        guard let text = node.text() else { return nil }
        guard text.hasSuffix("%") else {
            return node.integer(RuleBounds.shared, "units, or a share as 60%").map { .units($0) }
        }
        guard let percent = Int64(text.dropLast()), (0...100).contains(percent) else {
            node.error("expected a share from 0% to 100%, got \(text)")
            return nil
        }
        return .percent(percent)
    }
}

extension StockShare {
    /// Whether it speaks of all the stock that another one does.
    fileprivate func covers(_ other: StockShare) -> Bool {
        (skus.isEmpty || !other.skus.isEmpty && skus.isSuperset(of: other.skus))
            && (warehouses.isEmpty || !other.warehouses.isEmpty && warehouses.isSuperset(of: other.warehouses))
    }
}

extension RuleBounds {
    /// Units of a channel's part.
    static let shared: ClosedRange<Int64> = 0...1_000_000_000
}
