internal import AMQP

/// What can't be read, as every broker sees it some day: each has its reason, and is kept.
public enum Rubbish {
    /// A few of each kind.
    public static func messages(seed: UInt64, start: Moment) -> [OutsideMessage] {
        var seed = Seed(seed ^ 0x6A2B)
        return (1...4).flatMap { round in kinds(round, number: seed.number(100_000...999_999), start) }
    }

    private static func kinds(_ round: Int, number: Int64, _ start: Moment) -> [OutsideMessage] {
        let mark = "rubbish-\(round)-\(number)"
        func plain(_ key: String, _ type: String?, _ body: String, id: String? = nil) -> OutsideMessage {
            OutsideMessage(
                routingKey: key,
                properties: MessageProperties(
                    contentType: "application/json", messageID: id ?? mark + "-" + key, appID: "somebody", type: type),
                body: Array(body.utf8))
        }
        var messages = [
            plain("order.internal", "order.placed.v1", "this is no JSON, order \(number)"),
            plain("order.external", "order.placed.v1", "{\"orderNumber\": \"north-star/\(number)\", \"lines\": ["),
            plain(
                "payment.callback", "payment.captured.v1", "{\"orderNumber\":\"shop/\(number)\",\"gateway\":\"alipay\"}"
            ),
            plain("warehouse.callback", "fulfilment.teleported.v1", "{\"orderNumber\":\"shop/\(number)\"}"),
            plain("order.internal", "order.placed.v9", "{\"orderNumber\":\"shop/\(number)\"}", id: mark + "-v9"),
            plain("warehouse.callback", "order.placed.v1", "{\"orderNumber\":\"shop/\(number)\"}", id: mark + "-queue"),
            plain("payment.callback", "payment.captured.v1", paymentOfADream(number), id: mark + "-currency"),
        ]
        var nameless = plain("order.internal", "order.placed.v1", "{\"orderNumber\":\"shop/\(number)\"}")
        nameless.properties.messageID = nil
        messages.append(nameless)
        var latin = plain("order.external", "order.placed.v1", "", id: mark + "-latin")
        latin.body = Array("{\"orderNumber\":\"north-star/\(number)\",\"remark\":\"".utf8) + [0xE9, 0x22, 0x7D]
        messages.append(latin)
        if round == 1 {
            let padding = String(repeating: "x", count: 1_100_000)
            messages.append(
                plain("order.internal", "order.placed.v1", "{\"remark\":\"\(padding)\"}", id: mark + "-large"))
        }
        return messages
    }

    private static func paymentOfADream(_ number: Int64) -> String {
        """
        {"orderNumber":"shop/\(number)","gateway":"alipay","transactionId":"T\(number)","operationId":"O",\
        "amountMinor":100,"currency":"ZZZ","occurredAt":"2026-01-01T00:00:00Z"}
        """
    }
}
