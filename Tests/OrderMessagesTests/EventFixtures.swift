@testable import OrderCore

/// One event of every type, with every field that the encoder can write.
enum EventFixtures {
    static let time = Timestamp(microseconds: 1_795_224_600_000_000)

    static let currency = Currency(code: "CNY") ?? .none

    static var order: Order {
        var order = Order(
            number: "shop/1001", kind: .internal, paymentTerm: .online, currency: currency, status: .partiallyShipped,
            contentHash: ContentHash(high: 1, low: 2), placedAt: time)
        order.paymentState = .paid
        order.amounts = Amounts(goods: 39_800, discount: 1_000, shipping: 1_200)
        order.payable = 40_000
        order.due = 40_000
        order.money.captured = 40_000
        order.receivedAt = time.adding(seconds: 172_800)
        return order
    }

    static var summary: EventPayload.OrderSummary {
        var line = OrderLine(number: 1, sku: "TEA-100", type: .physical, quantity: 2, unitPrice: 19_900)
        line.share = 38_800
        line.shipped = 1
        return .init(order: order, lines: [line])
    }

    /// Of an order that goes in two parcels.
    static var summaryWithParts: EventPayload.OrderSummary {
        var summary = summary
        summary.parts = ["shop/1001-F1", "shop/1001-F2"].map {
            var part = EventPayload.OrderSummary.Part(
                fulfilment: $0, warehouse: "SH1", lines: [LineQuantity(line: 1, quantity: 1)])
            part.worth = .init(goods: 19_400, shipping: 600, tax: 0, payable: 20_000)
            part.collect = 20_000
            return part
        }
        return summary
    }

    static let fact = PaymentFact(
        key: .init(gateway: "alipay", transaction: "2026112100001", kind: .captured, reference: "op-1"), amount: 40_000,
        isCumulative: false, currency: currency, occurredAt: time, sequence: 1, requestID: "shop/1001-C1")

    static func request(_ kind: MoneyRequest.Kind) -> MoneyRequest {
        MoneyRequest(
            requestID: "shop/1001-R1", kind: kind, gateway: "alipay", transaction: "2026112100001", amount: 19_900,
            reason: "cancelled", requestedAt: time)
    }

    static let fulfilment = Fulfilment(id: "shop/1001-F1", orderNumber: "shop/1001", warehouse: "SH1")

    /// A parcel of two orders.
    static var parcelOfTwo: Fulfilment {
        var parcel = fulfilment
        parcel.travelsIn = "shop/1001-M1"
        return parcel
    }

    static var parcel: Parcel {
        var parcel = Parcel(
            key: .init(warehouse: "SH1", shipment: "SH1-778"), fulfilment: "shop/1001-F1", carrier: "sf",
            trackingNumber: "SF1234567890", shippedAt: time, lines: [1], quantities: [1])
        (parcel.weight, parcel.freight) = (1_250, 900)
        parcel.state = .delivered
        parcel.deliveredAt = time.adding(seconds: 86_400)
        return parcel
    }

    static var fulfilmentRequest: EventPayload.FulfilmentRequest {
        var receiver = Receiver()
        receiver.name = "张三"
        receiver.phone = "+86 138 0000 0000"
        receiver.country = "CN"
        receiver.province = "上海市"
        receiver.city = "上海"
        receiver.district = "浦东新区"
        receiver.address = "世纪大道 100 号"
        receiver.postalCode = "200120"
        let line = FulfilmentLine(key: .init("shop/1001-F1", 1), sku: "TEA-100", quantity: 2)
        return .init(
            fulfilment: fulfilment, lines: [line], receiver: receiver, paymentTerm: .cashOnDelivery, collect: 40_000,
            currency: currency, remark: "Ring twice", requestID: "shop/1001-F1.1")
    }

    static var amendRequest: EventPayload.AmendRequest {
        let lines = [
            EventPayload.AmendRequest.Line(orderNumber: "shop/1001", line: 1, sku: "TEA-100", quantity: 1),
            EventPayload.AmendRequest.Line(orderNumber: "shop/1002", line: 1, sku: "CUP-7", quantity: 2),
        ]
        return .init(
            fulfilment: parcelOfTwo, lines: lines, receiver: fulfilmentRequest.receiver, collect: 20_100,
            currency: currency, reason: "receiver_changed", requestID: "shop/1001-M1.3")
    }

    static var checkpoint: TrackingCheckpoint {
        var checkpoint = TrackingCheckpoint(
            orderNumber: "shop/1001", warehouse: "SH1", shipment: "SH1-778", code: "in_transit", occurredAt: time)
        checkpoint.text = "Left the sorting centre"
        checkpoint.place = "Hangzhou"
        return checkpoint
    }

    static var openHold: Hold {
        Hold(
            number: 1, reason: .unknownSKU, path: "lines[2].sku", detail: "SKU \"TEA-999\" is not known",
            openedAt: time, openedBy: "validation")
    }

    static var closedHold: Hold {
        var hold = openHold
        hold.closedAt = time.adding(seconds: 60)
        hold.closedBy = "li.wei"
        hold.closing = .overridden
        hold.closingReason = "agreed with the shop"
        return hold
    }

    static let stock = StockKey(sku: "TEA-100", warehouse: "SH1")
    static let message = MessageIdentity(source: "gateway/alipay", id: "n-881", part: 0)

    static var payloads: [EventPayload] {
        let reasons = [Reason(.unknownSKU, path: "lines[2].sku", "SKU \"TEA-999\" is not known")]
        let lines = [LineQuantity(line: 1, quantity: 1)]
        return [
            .orderAccepted(summaryWithParts, reasons), .orderRejected(summary, reasons),
            .orderEdited(summaryWithParts), .orderCancelled(summary, reason: "payment_timeout"),
            .orderCompleted(summary),
            .orderReleased(summary),
            .orderReceived(summary), .orderCancelRefused(summary, reason: "shipped", lines: lines),
            .paymentRecorded(summary, fact), .orderPaid(summary),
            .paymentFailed(summary, fact, reason: "insufficient_funds"), .paymentInsufficient(summary),
            .moneyRequested(summary, request(.refund)), .moneyRequested(summary, request(.capture)),
            .moneyRequested(summary, request(.void)), .refundSettled(summary, request(.refund)),
            .refundFailed(summary, request(.refund), reason: "account_closed"),
            .settlementLine(summary, SettlementLine(kind: .reversal, amount: 19_900, reason: "cancelled")),
            .fulfilmentRequested(fulfilmentRequest),
            .fulfilmentCancelRequested(
                parcelOfTwo, requestID: "shop/1001-M1.2", reason: "nobody_stays", orders: ["shop/1001", "shop/1002"]),
            .fulfilmentAmendRequested(amendRequest),
            .productionRequested(
                orderNumber: "shop/1001", requestID: "shop/1001-P1", line: 1, sku: "SUIT-42", quantity: 1),
            .orderShipped(summary, parcel), .orderDelivered(summary, parcel), .trackingUpdated(summary, checkpoint),
            .virtualDelivered(summary, lines: lines),
            .stockChanged(
                stock, available: 12,
                parts: [StockPart(seller: "shop", available: 5), StockPart(seller: nil, available: 7)]),
            .holdOpened(orderNumber: "shop/1001", openHold), .holdClosed(orderNumber: "shop/1001", closedHold),
            .stockShort(stock, sku: "TEA-100", orderNumber: "shop/1001", missing: 1),
            .stockLow(stock, available: 3, threshold: 5),
            .conflictFound(
                Conflict(
                    kind: .businessKey, key: "payment:alipay/2026112100001/captured/op-1", message: message,
                    orderNumber: "shop/1001", detail: "the same reference with another amount; the first is kept")),
            .messageDead(message, reason: "not_json", fingerprint: "not_json payment.captured.v1", count: 10),
            .deliveryUnroutable(receiver: "erp", count: 3),
        ]
    }

    static var events: [Event] { payloads.map(event) }

    static func event(_ payload: EventPayload) -> Event {
        let subject: Event.Subject =
            switch payload {
            case .fulfilmentRequested: .fulfilment(fulfilment.subject)
            case .fulfilmentCancelRequested, .fulfilmentAmendRequested: .fulfilment(parcelOfTwo.subject)
            case .stockChanged: .stock(stock)
            case .holdOpened, .holdClosed, .stockShort, .stockLow, .conflictFound, .messageDead, .deliveryUnroutable:
                .alert
            default: .order("shop/1001")
            }
        let receiver = payload.receivers(of: .internal).first ?? "erp"
        return Event(
            subject: subject, payload: payload, orderNumber: "shop/1001", version: 7, cause: message,
            deliveries: [.init(receiver: receiver, number: subject == .alert ? 0 : 3)])
    }
}
