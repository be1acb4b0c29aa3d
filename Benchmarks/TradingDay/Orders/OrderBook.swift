/// All orders of a day, made from a seed.
public struct OrderBook: Sendable {
    /// In the order in which they are placed.
    public let orders: [PlannedOrder]

    /// Makes so many orders, placed over so many milliseconds.
    public init(seed: UInt64, orders count: Int, catalogue: Catalogue, overMilliseconds span: Int64) {
        var seed = Seed(seed)
        var orders: [PlannedOrder] = []
        while orders.count < count {
            let index = Int64(orders.count)
            var order = Self.order(index, at: index * span / Int64(max(count, 1)), catalogue, &seed)
            guard order.story.isOfTwoOrders, orders.count + 1 < count else {
                orders.append(order)
                continue
            }
            let next = Self.next(index + 1, after: order, catalogue)
            order.companion = next.number
            orders += [order, next]
        }
        // Stable: who came first stays first.
        self.orders = orders.enumerated().sorted { ($0.element.placedAt, $0.offset) < ($1.element.placedAt, $1.offset) }
            .map(\.element)
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
        let number = "\(seller)/\(10_001 + index)"
        return PlannedOrder(
            number: number, story: story, isExternal: isExternal, seller: seller, lines: lines,
            discount: isDiscounted ? goods / 10 : 0, shipping: seed.chance(percent: 40) ? 1_000 : 0,
            term: term(isExternal, story, &seed), gateway: seed.pick([("alipay", 50), ("wechat", 35), ("card", 15)]),
            luck: seed.number(0...99), buyer: "buyer-\(number)", home: Home(&seed).moved(for: story),
            remark: story.isOfTwoOrders ? "请和我的另一单合并发货，尽快" : nil, placedAt: placedAt)
    }

    /// What the buyer has forgotten, half a second later: something else from the same shelf.
    private static func next(_ index: Int64, after order: PlannedOrder, _ catalogue: Catalogue) -> PlannedOrder {
        var next = order
        next.number = "\(order.seller)/\(10_001 + index)"
        next.lines = order.lines.prefix(1).map { line in
            let goods = catalogue.goods
            let place = goods.firstIndex { $0.sku == line.article.sku } ?? 0
            let article = goods[(place + Catalogue.shelf) % goods.count]
            return PlannedOrder.Line(number: 1, article: article, quantity: 1, price: article.price)
        }
        (next.discount, next.shipping) = (0, 0)
        next.companion = order.number
        next.placedAt += 500
        return next
    }

    private static func seller(
        _ isExternal: Bool, _ story: Story, _ catalogue: Catalogue, _ seed: inout Seed
    ) -> String {
        if isExternal {
            let partner = seed.pick([("north-star", 55), ("blue-bay", 43), ("old-mill", 2)])
            return switch story {
            case .unknownSeller: "nobody-knows"
            // They pay by month.
            case .cardsOnAccount, .beyondAccount: "north-star"
            default: partner
            }
        }
        let channel = seed.pick([("shop", 50), ("app", 20), ("live", 15), ("bazaar", 15)])
        return switch story {
        case .unknownSeller: "ghost-shop"
        // Only there a buyer has time to think again.
        case .cancelledPaid, .fewerUnitsEarly: "live"
        // Staff see at once that it is paid.
        case .oneParcelByStaff: "shop"
        // There a buyer may ask for one parcel.
        case .oneParcel, .outOfParcel, .cancelledFromParcel: channel == "app" ? "app" : "shop"
        // Stories about payments that a gateway captures by itself.
        case .paidInTwoParts, .paidTwice, .underpaid, .overpaid, .failedThenPaid, .paidInOtherCurrency,
            .sameReferenceOtherAmount:
            channel == "app" ? "shop" : channel
        default: channel
        }
    }

    private static func term(_ isExternal: Bool, _ story: Story, _ seed: inout Seed) -> String {
        switch story {
        case .cardsOnAccount, .beyondAccount: return "on_account"
        case .cashOnDelivery, .cashBeyondLimit, .cashFarAway, .cashForBespoke: return "cash_on_delivery"
        default: return isExternal ? (seed.chance(percent: 25) ? "on_account" : "prepaid") : "online"
        }
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
        case .giftCard, .cardsOnAccount: return [line(1, Catalogue.card, seed.number(1...2))]
        case .cashBeyondLimit: return [line(1, catalogue.dearest, 8)]
        case .beyondAccount: return [line(1, catalogue.dearest, 12)]
        case .unlistedSKU: return [line(1, Catalogue.gone, 1)]
        default: break
        }
        let count: Int64 = story.isOfTwoOrders ? 1 : seed.pick([(1, 45), (2, 28), (3, 15), (4, 8), (5, 4)])
        var lines = (1...count).map { number in
            // Some goods sell much better than others: the smaller of two draws.
            let last = Int64(catalogue.goods.count - 1)
            let article = catalogue.goods[Int(min(seed.number(0...last), seed.number(0...last)))]
            let quantity: Int64 = seed.pick([(1, 70), (2, 20), (3, 10)])
            return line(number, article, quantity)
        }
        switch story {
        case .bespoke, .cashForBespoke: lines.append(line(count + 1, Catalogue.bespoke, 1))
        case .unknownSKU: lines[0].article.sku = "NEVER-HEARD-OF"
        case .wrongPrice: lines[0].price = lines[0].price * 9 / 10
        case .twoParcels, .twoParcelsAsTotals, .short, .fewerUnitsEarly, .fewerUnits:
            lines[0].quantity = max(2, lines[0].quantity)
        default: break
        }
        return lines
    }
}
