/// All orders of a day, made from a seed.
public struct OrderBook: Sendable {
    /// In the order in which they are placed.
    public let orders: [PlannedOrder]

    /// Makes so many orders, placed over so many milliseconds.
    public init(seed: UInt64, orders count: Int, catalogue: Catalogue, overMilliseconds span: Int64) {
        var seed = Seed(seed)
        orders = (0..<count).map { index in
            let place = Int64(index) * span / Int64(max(count, 1))
            return Self.order(Int64(index), at: place, catalogue, &seed)
        }
    }

    private static func order(
        _ index: Int64, at placedAt: Int64, _ catalogue: Catalogue, _ seed: inout Seed
    ) -> PlannedOrder {
        let isExternal = seed.chance(percent: 30)
        let story = seed.pick(isExternal ? Story.ofPartners : Story.ofShops)
        let seller = seller(isExternal, story, catalogue, &seed)
        let lines = lines(of: story, catalogue, &seed)
        let goods = lines.reduce(0) { $0 + $1.quantity * $1.price }
        let isDiscounted = seed.chance(percent: 25)
        return PlannedOrder(
            number: "\(seller)/\(10_001 + index)", story: story, isExternal: isExternal, seller: seller, lines: lines,
            discount: isDiscounted ? goods / 10 : 0, shipping: seed.chance(percent: 40) ? 1_000 : 0,
            term: term(isExternal, story, &seed), gateway: seed.pick([("alipay", 50), ("wechat", 35), ("card", 15)]),
            luck: seed.number(0...99), home: Home(&seed), placedAt: placedAt)
    }

    private static func seller(
        _ isExternal: Bool, _ story: Story, _ catalogue: Catalogue, _ seed: inout Seed
    ) -> String {
        if isExternal {
            let partner = seed.pick([("north-star", 55), ("blue-bay", 43), ("old-mill", 2)])
            return story == .unknownSeller ? "nobody-knows" : partner
        }
        let channel = seed.pick([("shop", 50), ("app", 20), ("live", 15), ("bazaar", 15)])
        return switch story {
        case .unknownSeller: "ghost-shop"
        // Only there a buyer has time to think again.
        case .cancelledPaid: "live"
        // Stories about payments that a gateway captures by itself.
        case .paidInTwoParts, .paidTwice, .underpaid, .overpaid, .failedThenPaid, .paidInOtherCurrency,
            .sameReferenceOtherAmount:
            channel == "app" ? "shop" : channel
        default: channel
        }
    }

    private static func term(_ isExternal: Bool, _ story: Story, _ seed: inout Seed) -> String {
        if isExternal { return seed.chance(percent: 25) ? "on_account" : "prepaid" }
        return story == .cashOnDelivery ? "cash_on_delivery" : "online"
    }

    private static func lines(
        of story: Story, _ catalogue: Catalogue, _ seed: inout Seed
    ) -> [PlannedOrder.Line] {
        func line(_ number: Int64, _ article: Catalogue.Article, _ quantity: Int64) -> PlannedOrder.Line {
            PlannedOrder.Line(number: number, article: article, quantity: quantity, price: article.price)
        }
        switch story {
        case .noLines: return []
        case .scarce: return [line(1, Catalogue.scarce, seed.number(1...3))]
        case .miscounted: return [line(1, Catalogue.miscounted, seed.number(1...2))]
        case .giftCard: return [line(1, Catalogue.card, seed.number(1...2))]
        case .unlistedSKU: return [line(1, Catalogue.gone, 1)]
        default: break
        }
        let count: Int64 = seed.pick([(1, 45), (2, 28), (3, 15), (4, 8), (5, 4)])
        var lines = (1...count).map { number in
            // Some goods sell much better than others: the smaller of two draws.
            let last = Int64(catalogue.goods.count - 1)
            let article = catalogue.goods[Int(min(seed.number(0...last), seed.number(0...last)))]
            let quantity: Int64 = seed.pick([(1, 70), (2, 20), (3, 10)])
            return line(number, article, quantity)
        }
        switch story {
        case .bespoke: lines.append(line(count + 1, Catalogue.bespoke, 1))
        case .unknownSKU: lines[0].article.sku = "NEVER-HEARD-OF"
        case .wrongPrice: lines[0].price = lines[0].price * 9 / 10
        case .twoParcels, .twoParcelsAsTotals, .short: lines[0].quantity = max(2, lines[0].quantity)
        default: break
        }
        return lines
    }
}
