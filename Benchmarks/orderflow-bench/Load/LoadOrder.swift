internal import TradingDay

/// An order of the benchmark, and what is said about it.
struct LoadOrder {
    let isExternal: Bool
    private let number: String
    private let lines: [(sku: String, quantity: Int64)]
    private let sender: Sender

    static let firstNumber = 100_000
    static let remark = "Please ring twice and leave it with the neighbour asap, 3rd floor if nobody opens."
    private static let gateway = Sender("gateway-alipay", .structured)
    private static let warehouse = Sender("wms-east", .structured)

    init(number: Int, _ mix: Mix, _ seed: inout Seed) {
        isExternal = seed.number(1...100) <= 20
        self.number = "\(isExternal ? "partner" : "shop")/\(number)"
        sender = Sender(isExternal ? "partner" : "storefront", .structured)
        // One to five lines, two on the average.
        let count = [1, 1, 1, 1, 1, 2, 2, 2, 3, 5][Int(seed.number(0...9))]
        lines = mix.goods.draw(count, &seed).map { ($0, seed.number(1...mix.mostUnits)) }
    }

    private var payable: Int64 { lines.reduce(0) { $0 + $1.quantity * Goods.price } }

    func message(_ stage: Workload.Stage, at now: Moment) -> OutsideMessage? {
        switch stage {
        case .placed: placed(now)
        case .paid: isExternal ? nil : paid(now)
        case .accepted: report("accepted", now, [])
        case .shipped:
            report("shipped", now, [("carrier", "sf-express"), ("trackingNumber", .text("SF\(number)"))] + parcel)
        case .delivered: report("delivered", now, parcel)
        }
    }

    private var parcel: [(String, JSON)] { [("shipment", .text("\(number)-P1"))] }

    private func placed(_ now: Moment) -> OutsideMessage {
        sender.message(
            "order.placed", id: "\(number)-placed", to: isExternal ? "order.external" : "order.internal", at: now,
            [
                "orderNumber": .text(number), "placedAt": .text(now.text), "currency": "CNY",
                "paymentTerm": isExternal ? "prepaid" : "online",
                "lines": .list(
                    lines.enumerated().map { index, line in
                        [
                            "line": .number(Int64(index) + 1), "sku": .text(line.sku), "type": "physical",
                            "quantity": .number(line.quantity), "unitPriceMinor": .number(Goods.price),
                        ]
                    }),
                "amounts": [
                    "goodsMinor": .number(payable), "discountMinor": 0, "deductionMinor": 0, "shippingMinor": 0,
                    "taxMinor": 0, "payableMinor": .number(payable),
                ],
                "buyer": ["id": .text("buyer-\(number)")],
                "receiver": [
                    "name": "王小明", "phone": "13800138000", "country": "CN", "province": "上海市", "city": "上海市",
                    "district": "浦东新区", "address": "世纪大道 1001 号 3 号楼 1402 室", "postalCode": "200120",
                ],
                "remark": .text(Self.remark),
            ])
    }

    private func paid(_ now: Moment) -> OutsideMessage {
        Self.gateway.message(
            "payment.captured", id: "\(number)-paid", to: "payment.callback", at: now,
            [
                "orderNumber": .text(number), "gateway": "alipay", "transactionId": .text("T-\(number)"),
                "operationId": .text("O-\(number)"), "amountMinor": .number(payable), "currency": "CNY",
                "occurredAt": .text(now.text),
            ])
    }

    private func report(_ kind: String, _ now: Moment, _ more: [(String, JSON)]) -> OutsideMessage {
        Self.warehouse.message(
            "fulfilment.\(kind)", id: "\(number)-\(kind)", to: "warehouse.callback", at: now,
            .object(
                [
                    ("orderNumber", .text(number)), ("fulfilmentId", .text("\(number)-F1")), ("warehouse", "east"),
                    ("occurredAt", .text(now.text)),
                ] + more))
    }
}
