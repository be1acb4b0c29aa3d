extension Catalogue {
    /// Where reference data come from.
    private static let erp = Sender("erp", .binary)

    /// Channels, partners, warehouses and products, as their owners tell them.
    public func referenceMessages(at time: Moment) -> [OutsideMessage] {
        sellers(channels, "channel", time) + sellers(partners, "partner", time)
            + depots.map { depot in
                reference("warehouse", depot.code, time) {
                    [
                        "code": .text(depot.code), "revision": 1, "title": .text(depot.title),
                        "priority": .number(depot.priority),
                    ]
                }
            }
            + articles.map { article in
                reference("product", article.sku, time) {
                    [
                        "sku": .text(article.sku), "revision": 1, "listed": .flag(article.isListed),
                        "type": .text(article.type), "currency": .text(Self.currency),
                        "pricesMinor": ["*": .number(article.price)], "weightGrams": .number(article.weight),
                        "temperature": article.temperature.map { .text($0) } ?? .absent,
                        "supplier": article.supplier.map { .text($0) } ?? .absent,
                    ]
                }
            }
    }

    /// Goods that arrive in the morning: a document a warehouse and fifty lines.
    public func stockMessages(at time: Moment, seed: UInt64) -> [OutsideMessage] {
        var seed = Seed(seed ^ 0x570C)
        var messages: [OutsideMessage] = []
        for (place, depot) in depots.enumerated() {
            var lines = goods.enumerated().filter { ($0.offset + place) % Self.shelf != 0 }.map { item in
                (sku: item.element.sku, quantity: seed.number(150...400))
            }
            if place == 0 {
                lines += [(Self.scarce.sku, Self.scarceUnits), (Self.miscounted.sku, 60), (Self.gift.sku, 60)]
            }
            for (page, start) in stride(from: 0, to: lines.count, by: 50).enumerated() {
                let document = "\(depot.code)-IN-\(page + 1)"
                let goods = lines[start..<min(start + 50, lines.count)].enumerated().map { index, line in
                    JSON.object([
                        ("line", .number(Int64(index) + 1)), ("sku", .text(line.sku)),
                        ("quantity", .number(line.quantity)), ("lowThreshold", 20),
                    ])
                }
                messages.append(
                    Sender("wms-\(depot.code)", .binary).message(
                        "stock.received", id: document, to: "warehouse.callback", at: time,
                        [
                            "document": .text(document), "warehouse": .text(depot.code),
                            "occurredAt": .text(time.text), "lines": .list(goods),
                        ]))
            }
        }
        return messages
    }

    /// The warehouse finds that it has less of ``miscounted`` than it has promised.
    static func recount(at time: Moment) -> OutsideMessage {
        Sender("wms-east", .binary).message(
            "stock.counted", id: "east-COUNT-1", to: "warehouse.callback", at: time,
            [
                "document": "east-COUNT-1", "warehouse": "east", "countedAt": .text(time.text),
                "lines": [["line": 1, "sku": .text(miscounted.sku), "quantity": 3]],
            ])
    }

    private func sellers(_ sellers: [Seller], _ kind: String, _ time: Moment) -> [OutsideMessage] {
        sellers.map { seller in
            reference(kind, seller.code, time) {
                [
                    "code": .text(seller.code), "revision": 1, "title": .text(seller.title),
                    "active": .flag(seller.isActive), "policy": seller.policy,
                ]
            }
        }
    }

    private func reference(_ kind: String, _ code: String, _ time: Moment, _ data: () -> JSON) -> OutsideMessage {
        Self.erp.message("\(kind).updated", id: "\(kind)-\(code)-1", to: "reference.update", at: time, data())
    }
}
