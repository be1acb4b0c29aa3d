import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("Wishes, commands and reference data are read exactly")
struct CommandTests {
    private static func command(_ fields: String) throws -> StaffCommand? {
        let data = #"{"orderNumber":"shop/1","by":"li.wei","reason":"because","expectedVersion":3,\#(fields)}"#
        let message = try Decoding.messages("order.command.v1", data).first
        #expect(message?.businessKey == "command:shop/m-1")
        if case .command(let command)? = message?.payload { return command }
        return nil
    }

    @Test("every command says what, who and why")
    func commands() throws {
        var receiver = Receiver()
        receiver.name = "n"
        let expected: [(String, StaffCommand.Action)] = [
            (#""command":"release""#, .release(nil)),
            (#""command":"release","holdReason":"unknown_sku""#, .release(.unknownSKU)),
            (#""command":"override","holdReason":"price_mismatch""#, .override(.priceMismatch)),
            (#""command":"retry""#, .retry), (#""command":"cancel""#, .cancel),
            (#""command":"edit_receiver","receiver":{"name":"n"}"#, .editReceiver(receiver)),
            (#""command":"refund""#, .refund(amount: nil)),
            (#""command":"refund","amountMinor":7"#, .refund(amount: 7)),
            (#""command":"hold""#, .hold(detail: "because")), (#""command":"hold","detail":"d""#, .hold(detail: "d")),
            (#""command":"note","note":"n""#, .note("n")),
            (#""command":"lift_quarantine""#, .liftQuarantine),
            (#""command":"source","warehouse":"SH1""#, .source(warehouse: "SH1")),
            (#""command":"change_carrier","carrier":"sf""#, .changeCarrier("sf", fulfilment: nil)),
            (
                #""command":"change_carrier","carrier":"sf","fulfilmentId":"shop/1-F1""#,
                .changeCarrier("sf", fulfilment: "shop/1-F1")
            ),
            (
                #""command":"cancel_lines","lines":[{"line":2,"quantity":1}]"#,
                .cancelLines([LineQuantity(line: 2, quantity: 1)])
            ),
        ]
        for (fields, action) in expected {
            let command = try #require(try Self.command(fields))
            #expect(command.action == action)
            #expect(command.by == "li.wei")
            #expect(command.reason == "because")
            #expect(command.expectedVersion == 3)
        }
    }

    @Test(
        "what is wrong is told with its path",
        arguments: [
            (
                "order.command.v1", #"{"orderNumber":"shop/1","by":"b","reason":"r"}"#,
                "command: expected a command, got nothing"
            ),
            (
                "order.command.v1", #"{"orderNumber":"shop/1","by":"b","reason":"r","command":"explode"}"#,
                #"command: expected one of release, override, retry, edit_receiver, cancel, refund, hold, note, change_carrier, source, cancel_lines, split, edit_lines, merge, unmerge, retry_output, lift_quarantine, got "explode""#
            ),
            (
                "order.command.v1", #"{"orderNumber":"shop/1","reason":"r","command":"retry"}"#,
                "by: expected a text, got nothing"
            ),
            (
                "order.command.v1", #"{"orderNumber":"shop/1","by":"b","command":"retry"}"#,
                "reason: expected a text, got nothing"
            ),
            (
                "order.command.v1", #"{"orderNumber":"shop/1","by":"b","reason":"r","command":"note"}"#,
                "note: expected a text, got nothing"
            ),
            (
                "order.command.v1",
                #"{"orderNumber":"shop/1","by":"b","reason":"r","command":"refund","amountMinor":0}"#,
                "amountMinor: expected an integer from 1 to 1000000000000000, got 0"
            ),
            (
                "order.command.v1",
                #"{"orderNumber":"shop/1","by":"b","reason":"r","command":"edit_receiver","receiver":{"phone":5}}"#,
                "receiver.phone: expected a text, got a number"
            ),
            ("message.replay.v1", #"{"by":"b","reason":"r"}"#, "ids: expected ids or a fingerprint, got nothing"),
            (
                "message.drop.v1", #"{"ids":[1,"2"],"by":"b","reason":"r"}"#,
                #"ids[1]: expected a positive integer, got "2""#
            ),
            (
                "delivery.resend.v1", #"{"receiver":"erp","subject":"shop/1","fromNumber":0}"#,
                "fromNumber: expected an integer from 1 to 9223372036854775807, got 0"
            ),
            ("order.cancel.v1", #"{"orderNumber":"shop/1"}"#, "requestId: expected a text, got nothing"),
            ("product.updated.v1", #"{"sku":"A"}"#, "revision: expected a positive integer, got nothing"),
            (
                "product.updated.v1", #"{"sku":"A","revision":1,"pricesMinor":{"*":5}}"#,
                "currency: expected a currency code of ISO 4217, got nothing"
            ),
            (
                "product.updated.v1", #"{"sku":"A","revision":1,"pricesMinor":{"a":5,"a":6},"currency":"CNY"}"#,
                "pricesMinor.a: is given twice"
            ),
            (
                "warehouse.updated.v1", #"{"code":"W","revision":1,"areas":["N",""]}"#,
                "areas[1]: expected the name of an area, got an empty text"
            ),
            (
                "product.updated.v1", #"{"sku":"A","revision":1,"listed":"yes"}"#,
                #"listed: expected true or false, got "yes""#
            ),
            ("channel.updated.v1", #"{"code":"a/b","revision":1}"#, "code: expected a code without `/`"),
            (
                "channel.updated.v1", #"{"code":"a","revision":1,"policy":{"capture":"never"}}"#,
                #"policy.capture: expected one of gateway, on_release, on_ship, got "never""#
            ),
            (
                "channel.updated.v1", #"{"code":"a","revision":1,"policy":{"releaseDelaySeconds":-1}}"#,
                "policy.releaseDelaySeconds: expected an integer from 0 to 315360000, got -1"
            ),
        ])
    func wrong(_ type: String, _ data: String, _ complaint: String) {
        #expect(Decoding.complaint(type, data) == complaint)
    }

    @Test("a wish is known by order, kind and the sender's id of it")
    func requests() throws {
        let data = #"{"orderNumber":"shop/1","requestId":"r1","reason":"x"}"#
        for kind in ["cancel", "received", "reviewed"] {
            #expect(try Decoding.messages("order.\(kind).v1", data).first?.businessKey == "order:shop%2F1/\(kind)/r1")
        }
    }

    @Test("a resend and dead letters come through")
    func resend() throws {
        let data = #"{"receiver":"erp","subject":"A@W","fromNumber":2}"#
        for queue in ["orders.commands", "staff.commands"] {
            let message = try Decoding.messages("delivery.resend.v1", data, queue: queue).first
            guard case .resend(let resend)? = message?.payload else { throw Unexpected() }
            #expect(resend == DeliveryResend(receiver: "erp", subject: "A@W", fromNumber: 2))
        }
        let whole = #"{"receiver":"erp","subject":"shop/1","fromNumber":1,"fulfilments":true}"#
        guard case .resend(let resend)? = try Decoding.messages("delivery.resend.v1", whole).first?.payload else {
            throw Unexpected()
        }
        #expect(resend.withFulfilments)
        let drop = try Decoding.messages("message.drop.v1", #"{"fingerprint":"f","by":"b","reason":"r"}"#).first
        guard case .deadLetters(let command)? = drop?.payload else { throw Unexpected() }
        #expect(command == DeadLetterCommand(kind: .drop, ids: [], fingerprint: "f", by: "b", reason: "r"))
    }

    private struct Unexpected: Error {}

    @Test("reference data carries what is named, and defaults for the rest")
    func reference() throws {
        func update(_ type: String, _ data: String) throws -> (ReferenceUpdate, String?) {
            let message = try Decoding.messages(type, data).first
            guard case .reference(let update)? = message?.payload else { throw Unexpected() }
            return (update, message?.businessKey)
        }
        let (product, key) = try update(
            "product.updated.v1",
            #"{"sku":"A/1","revision":7,"listed":false,"type":"virtual","pricesMinor":{"*":5,"shop":4},"currency":"CNY","title":"T","weightGrams":12,"volumeCubicCentimetres":34,"supplier":"S","temperature":"cold","floorPriceMinor":3,"presaleUntil":"2027-01-15T08:00:00Z"}"#
        )
        var expected = Product(sku: "A/1", revision: 7, isListed: false, type: .virtual)
        expected.prices = ["*": 5, "shop": 4]
        expected.priceCurrency = "CNY"
        expected.title = "T"
        expected.weight = 12
        expected.volume = 34
        expected.supplier = "S"
        expected.temperature = "cold"
        expected.floorPrice = 3
        expected.presaleUntil = Timestamp(microseconds: 1_800_000_000_000_000)
        #expect(product == .product(expected))
        #expect(key == "product:A%2F1/7")
        #expect(try update("warehouse.updated.v1", #"{"code":"W","revision":1}"#).0 == .warehouse(Warehouse(code: "W")))
        let (warehouse, _) = try update(
            "warehouse.updated.v1",
            #"{"code":"W","revision":1,"areas":["杭州","上海"],"parcelCostsMinor":{"*":9,"杭州":0}}"#)
        var shipping = Warehouse(code: "W")
        shipping.areas = ["上海", "杭州"]
        shipping.parcelCosts = ["*": 9, "杭州": 0]
        #expect(warehouse == .warehouse(shipping))
        let (partner, _) = try update("partner.updated.v1", #"{"code":"p","revision":1}"#)
        #expect(partner == .seller(Seller(.external, code: "p")))
        var policy = StorePolicy()
        policy.onInvalid = .hold
        policy.capture = .onShip
        policy.onShort = .hold
        policy.allowsSplitBackorders = true
        policy.receipt = .confirmed
        policy.paymentTimeout = 1
        policy.paymentTolerance = 2
        policy.priceTolerance = 3
        policy.releaseDelay = 4
        policy.autoReceiveAfterDelivery = 5
        policy.autoReceiveAfterShipping = 6
        policy.reviewWindow = 7
        policy.noAnswerAfter = 8
        policy.inDoubtAfter = 9
        policy.handOverInDoubtAfter = 11
        policy.cashWithin = 10
        let channel = try update(
            "channel.updated.v1",
            #"""
            {"code":"c","revision":2,"active":false,"policy":{"onInvalid":"hold","capture":"on_ship","onShort":"hold","receipt":"confirmed",
            "paymentTimeoutSeconds":1,"paymentToleranceMinor":2,"priceToleranceBasisPoints":3,"releaseDelaySeconds":4,
            "autoReceiveAfterDeliverySeconds":5,"autoReceiveAfterShippingSeconds":6,"reviewWindowSeconds":7,
            "noAnswerAfterSeconds":8,"inDoubtAfterSeconds":9,"cashWithinSeconds":10,
            "handOverInDoubtAfterSeconds":11,"allowsSplitBackorders":true}}
            """#
        ).0
        #expect(channel == .seller(Seller(.internal, code: "c", revision: 2, isActive: false, policy: policy)))
    }
}
