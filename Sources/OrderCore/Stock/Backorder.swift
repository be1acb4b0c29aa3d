/// The place of an order among those that wait for stock (缺货排队).
public struct Backorder: Hashable, Sendable {
    /// As a rule says: the smaller, the earlier it is served.
    public var rank: Int64 = Backorder.usualRank
    /// When it was paid, or placed where it needs no payment first; those that are not paid yet come last in their rank.
    public var since: Timestamp?
    /// What comes is kept for it until there is enough; else who needs less, or comes later, may be served first.
    public var keepsTurn = false
    /// Units that it waits for, of each stock that it may have them from, be there any yet or not.
    public var units: [StockKey: Int64] = [:]
    /// Whose part of a stock it waits for, where the stock is split by channel.
    public var parts: [StockKey: String] = [:]
    /// Some of what it waits for is reserved as it comes; else all of it, or nothing.
    public var takesParts = false
    /// SKUs of which it was told that others were served before it.
    public var passedOver: Set<String> = []

    /// Makes a place that no rule speaks of.
    public init() {}

    /// The rank of orders that no rule ranks.
    public static let usualRank: Int64 = 100

    /// What nobody who comes later may have.
    var kept: [StockKey: Int64] { keepsTurn ? units : [:] }

    /// What an order lacks, as sourcing has found.
    struct Lack {
        /// Of each stock that it may have it from.
        var units: [StockKey: Int64]
        /// Some of it may be reserved without the rest.
        var takesParts: Bool
        /// Nothing was reserved: looked at again, it finds no more. What is left of more may be had another way.
        var isInVain: Bool
    }
}

/// Who is served first: by rank, then who was paid for first, then who was placed first, then by number.
public struct BackorderTurn: Hashable, Sendable, Comparable {
    private let rank: Int64
    private let since: Timestamp?
    private let placedAt: Timestamp
    private let number: String

    /// Whose order it is.
    var seller: String { OrderNumber.seller(of: number) }

    /// The turn of an order.
    public init(rank: Int64, since: Timestamp?, placedAt: Timestamp, number: String) {
        (self.rank, self.since, self.placedAt, self.number) = (rank, since, placedAt, number)
    }

    /// The turn of an order at this place.
    public init(_ place: Backorder, of order: Order) {
        self.init(rank: place.rank, since: place.since, placedAt: order.placedAt, number: order.number)
    }

    /// Byte by byte where all else is the same, as PostgreSQL's collation `C` does.
    public static func < (left: BackorderTurn, right: BackorderTurn) -> Bool {
        if left.rank != right.rank { return left.rank < right.rank }
        switch (left.since, right.since) {
        case (let mine?, let other?) where mine != other: return mine < other
        case (.some, nil): return true
        case (nil, .some): return false
        default: break
        }
        if left.placedAt != right.placedAt { return left.placedAt < right.placedAt }
        return left.number.utf8.lexicographicallyPrecedes(right.number.utf8)
    }
}

/// What is kept of stock for orders that wait, as far as a batch has to know it.
///
/// Read under the locks of the stock: who waits changes what he waits for under the same locks.
public struct BackorderQueue: Sendable {
    private var places: [StockKey: [BackorderTurn: Int64]] = [:]
    /// What those want who are still to be called: kept from newcomers, not from each other.
    private var uncalled: [StockKey: [BackorderTurn: Int64]] = [:]
    private var sums: [StockKey: Int64] = [:]

    /// Makes a queue in which nobody waits.
    public init() {}

    /// Of a stock, more is kept for an order, or less.
    public mutating func keep(_ units: Int64, of key: StockKey, for turn: BackorderTurn) {
        guard units != 0 else { return }
        places[key, default: [:]][turn, default: 0] += units
        sums[key, default: 0] += units
    }

    /// Of a stock, more is kept from newcomers alone, for one who is still to be called.
    public mutating func keepFromNewcomers(_ units: Int64, of key: StockKey, for turn: BackorderTurn) {
        guard units != 0 else { return }
        uncalled[key, default: [:]][turn, default: 0] += units
        sums[key, default: 0] += units
    }

    /// Who was still to be called waits no more.
    mutating func leave(_ turn: BackorderTurn, _ place: Backorder) {
        guard !uncalled.isEmpty else { return }
        for key in place.units.keys {
            if let units = uncalled[key]?.removeValue(forKey: turn) { sums[key, default: 0] -= units }
        }
    }

    /// Units of a stock that newcomers may not have.
    public func kept(_ key: StockKey) -> Int64 { sums.isEmpty ? 0 : sums[key] ?? 0 }

    /// Units of a stock that is split by channel which a seller's newcomers may not have: those of others of the same part.
    func kept(_ key: StockKey, from seller: String, in share: StockShare) -> Int64 {
        guard kept(key) > 0 else { return 0 }
        let part = share.part(of: seller)
        return [places, uncalled].reduce(0) { sum, places in
            places[key, default: [:]].reduce(sum) { share.part(of: $1.key.seller) == part ? $0 + $1.value : $0 }
        }
    }

    /// Units of a stock that an order may not have: those of earlier turns. A newcomer is behind all who wait.
    ///
    /// - Parameter share: how the stock is split by channel: then nobody keeps anything of another part.
    public func kept(_ key: StockKey, from order: Order, in share: StockShare? = nil) -> Int64 {
        let sum = kept(key)
        guard sum > 0 else { return 0 }
        guard let place = order.backorder else { return share.map { kept(key, from: order.seller, in: $0) } ?? sum }
        let mine = BackorderTurn(place, of: order)
        let part = share?.part(of: order.seller)
        return places[key, default: [:]].reduce(0) { sum, place in
            let isAhead = place.key < mine && share?.part(of: place.key.seller) == part
            return isAhead ? sum + place.value : sum
        }
    }

    /// Who was told to come has come: what he does not take now is kept for him no longer, unless he keeps his turn.
    mutating func endPromise(to order: Order) {
        guard !sums.isEmpty, let place = order.backorder, !place.keepsTurn else { return }
        let turn = BackorderTurn(place, of: order)
        for key in place.units.keys {
            if let units = places[key]?[turn] { keep(-units, of: key, for: turn) }
        }
    }
}
