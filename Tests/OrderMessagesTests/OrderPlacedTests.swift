import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("An order whose number can be read always becomes an order")
struct OrderPlacedTests {
    private static func order(
        number: String = #""shop/1""#, currency: String = #""CNY""#,
        line: String = #"{"line":1,"sku":"A","quantity":1,"unitPriceMinor":5}"#,
        more: String = ""
    ) -> String {
        #"{"orderNumber":\#(number),"currency":\#(currency),"lines":[\#(line)]\#(more)}"#
    }

    @Test("everything of it is read")
    func whole() throws {
        let placed = try #require(
            Decoding.placed(
                #"""
                {"orderNumber":"tmall/77","placedAt":"2026-11-21T09:30:00.5+08:00","currency":"JPY","paymentTerm":"on_account",
                 "buyer":{"id":"b-1"},"receiver":{"name":"张三","phone":"138","country":"CN","province":"P","city":"C",
                 "district":"D","address":"A \"1\" \u4e16\ud83d\ude00","postalCode":"200120"},"remark":"r","unknown":{"x":[1,2.5e3]},
                 "lines":[{"line":2,"sku":"a/b","type":"virtual","quantity":3,"unitPriceMinor":0},
                          {"sku":"B","line":1,"unitPriceMinor":7,"quantity":1000000,"type":null}],
                 "amounts":{"goodsMinor":7000000,"discountMinor":1,"deductionMinor":2,"shippingMinor":3,"taxMinor":4,"payableMinor":7000004}}
                """#, queue: "orders.external"))
        #expect(placed.defects.isEmpty)
        #expect(placed.kind == .external)
        #expect(placed.orderNumber == "tmall/77")
        #expect(placed.placedAt == Timestamp(microseconds: 1_795_224_600_500_000))
        #expect(placed.currency.code == "JPY")
        #expect(placed.paymentTerm == .onAccount)
        #expect(placed.buyer == "b-1")
        #expect(placed.receiver.address == "A \"1\" 世😀")
        #expect(placed.receiver.postalCode == "200120")
        #expect(
            placed.lines == [
                .init(number: 2, sku: "a/b", type: .virtual, quantity: 3, unitPrice: 0),
                .init(number: 1, sku: "B", type: nil, quantity: 1_000_000, unitPrice: 7),
            ])
        #expect(placed.claimed == Amounts(goods: 7_000_000, discount: 1, deduction: 2, shipping: 3, tax: 4))
        #expect(placed.claimedGoods == 7_000_000)
        #expect(placed.claimedPayable == 7_000_004)
    }

    @Test("what is absent has its default: the envelope's time, the term of its kind")
    func defaults() {
        let placed = Decoding.placed(Self.order())
        #expect(placed?.placedAt == Timestamp(microseconds: 1_795_224_000_000_000))
        #expect(placed?.paymentTerm == .online)
        #expect(Decoding.placed(Self.order(), queue: "orders.external")?.paymentTerm == .prepaid)
        #expect(placed?.claimedGoods == nil)
        #expect(placed?.claimedPayable == nil)
    }

    @Test(
        "what can't be read is a defect with its path, and nothing else is lost",
        arguments: [
            (
                #"{"line":1,"sku":"A","quantity":"two","unitPriceMinor":5}"#,
                #"lines[0].quantity: expected a positive integer, got "two""#
            ),
            (
                #"{"line":1,"sku":"A","quantity":0,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected an integer from 1 to 1000000, got 0"
            ),
            (
                #"{"line":1,"sku":"A","quantity":-3,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected an integer from 1 to 1000000, got -3"
            ),
            (
                #"{"line":1,"sku":"A","quantity":1000000000000,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected an integer from 1 to 1000000, got 1000000000000"
            ),
            (
                #"{"line":1,"sku":"A","quantity":1.0,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected a positive integer, got 1.0"
            ),
            (
                #"{"line":1,"sku":"A","quantity":1e3,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected a positive integer, got 1e3"
            ),
            (
                #"{"line":1,"sku":"A","quantity":true,"unitPriceMinor":5}"#,
                "lines[0].quantity: expected a positive integer, got true"
            ),
            (
                #"{"line":1,"sku":"A","unitPriceMinor":5}"#,
                "lines[0].quantity: expected a positive integer, got nothing"
            ),
            (
                #"{"line":1,"sku":"A","quantity":1,"unitPriceMinor":99999999999999999999}"#,
                "lines[0].unitPriceMinor: expected an integer from 0 to 1000000000000000, got 99999999999999999999"
            ),
            (
                #"{"line":1,"sku":"A","quantity":1,"unitPriceMinor":-9223372036854775808}"#,
                "lines[0].unitPriceMinor: expected an integer from 0 to 1000000000000000, got -9223372036854775808"
            ),
            (#"{"line":1,"sku":"","quantity":1,"unitPriceMinor":5}"#, "lines[0].sku: expected a text, got nothing"),
            (#"{"line":1,"sku":7,"quantity":1,"unitPriceMinor":5}"#, "lines[0].sku: expected a text, got 7"),
            (
                #"{"line":1,"sku":"A\nB","quantity":1,"unitPriceMinor":5}"#,
                "lines[0].sku: expected a text without control characters"
            ),
            (
                #"{"line":1,"sku":"A\u0000","quantity":1,"unitPriceMinor":5}"#,
                #"lines[0].sku: expected a text, got a text with \u0000 or half a surrogate pair"#
            ),
            (
                #"{"line":1,"sku":"A","type":"gift","quantity":1,"unitPriceMinor":5}"#,
                #"lines[0].type: expected one of physical, virtual, made_to_order, got "gift""#
            ),
            (
                #"{"line":1,"sku":"A","quantity":1,"quantity":2,"unitPriceMinor":5}"#,
                "lines[0].quantity: is given twice"
            ),
            ("7", "lines[0]: expected an object, got a number"),
        ])
    func lineDefects(_ line: String, _ complaint: String) {
        let good = #"{"line":9,"sku":"B","quantity":1,"unitPriceMinor":5}"#
        #expect(Decoding.defects(Self.order(line: line + "," + good)) == [complaint])
        #expect(Decoding.placed(Self.order(line: line + "," + good))?.lines.map(\.number) == [9])
    }

    @Test(
        "so are the fields of the head",
        arguments: [
            (
                #","placedAt":"9999-12-31T00:00:00Z""#,
                #"placedAt: expected a time from 2000 to 2099, got "9999-12-31T00:00:00Z""#
            ),
            (
                #","placedAt":"1999-12-31T23:59:59Z""#,
                #"placedAt: expected a time from 2000 to 2099, got "1999-12-31T23:59:59Z""#
            ),
            (
                #","placedAt":"2026-11-21T09:30:00""#,
                #"placedAt: expected a time as of RFC 3339 with an offset, got "2026-11-21T09:30:00""#
            ),
            (#","placedAt":1795224600"#, "placedAt: expected a time as of RFC 3339 with an offset, got 1795224600"),
            (
                #","paymentTerm":"later""#,
                #"paymentTerm: expected one of online, cash_on_delivery, prepaid, on_account, got "later""#
            ),
            (#","amounts":[]"#, "amounts: expected an object, got a list"),
            (
                #","amounts":{"payableMinor":1000000000000001}"#,
                "amounts.payableMinor: expected an integer from 0 to 1000000000000000, got 1000000000000001"
            ),
            (
                #","amounts":{"discountMinor":-1}"#,
                "amounts.discountMinor: expected an integer from 0 to 1000000000000000, got -1"
            ),
            (#","receiver":"张三""#, "receiver: expected an object, got a text of 6 bytes"),
            (#","receiver":{"phone":13800000000}"#, "receiver.phone: expected a text, got a number"),
            (#","remark":"\ud800""#, #"remark: expected a text, got a text with \u0000 or half a surrogate pair"#),
            (
                #","unknown":{"deep":["\u0000"]}"#,
                #"unknown.deep[0]: expected a text, got a text with \u0000 or half a surrogate pair"#
            ),
            (#","remark":"a","remark":"b""#, "remark: is given twice"),
        ])
    func headDefects(_ more: String, _ complaint: String) {
        #expect(Decoding.defects(Self.order(more: more)) == [complaint])
    }

    @Test("a currency that does not exist leaves an order without one")
    func currency() {
        for (currency, got) in [(#""XBT""#, #""XBT""#), (#""cny""#, #""cny""#), ("840", "840"), ("null", "nothing")] {
            let data = Self.order(currency: currency)
            #expect(Decoding.defects(data) == ["currency: expected a currency code of ISO 4217, got \(got)"])
            #expect(Decoding.placed(data)?.currency == Currency.none)
        }
    }

    @Test("a line number that is used twice is told; the first line stays")
    func duplicateLines() {
        let line = #"{"line":1,"sku":"A","quantity":1,"unitPriceMinor":5}"#
        #expect(Decoding.defects(Self.order(line: line + "," + line)) == ["lines[1].line: line 1 is given twice"])
        #expect(Decoding.placed(Self.order(line: line + "," + line))?.lines.count == 1)
    }

    @Test("2,000 lines are read, 2,001 are a defect, and defects are bounded")
    func bounds() {
        func lines(_ count: Int, quantity: String) -> String {
            (1...count).map { #"{"line":\#($0),"sku":"A","quantity":\#(quantity),"unitPriceMinor":5}"# }
                .joined(separator: ",")
        }
        #expect(Decoding.placed(Self.order(line: lines(2_000, quantity: "1")))?.lines.count == 2_000)
        #expect(
            Decoding.defects(Self.order(line: lines(2_001, quantity: "1")))
                == ["lines: expected a list of at most 2000, got 2001"])
        #expect(Decoding.placed(Self.order(line: lines(2_000, quantity: "0")))?.defects.count == Defects.most + 1)
    }

    @Test("personal data are described, never quoted")
    func privacy() {
        let long = String(repeating: "长宁路 1 号 ", count: 200)
        let data = Self.order(
            more: #","receiver":{"address":"\#(long)","name":["张三"],"phone":{"n":"138"}},"remark":false"#)
        let defects = Decoding.defects(data) ?? []
        #expect(defects.count == 4)
        for text in ["长宁路", "张三", "138"] { #expect(!defects.joined().contains(text)) }
    }

    @Test(
        "without a number it is dead",
        arguments: [
            ("null", "orderNumber: expected <channel or partner code>/<number>, got nothing"),
            (#""1001""#, "orderNumber: expected <channel or partner code>/<number>"),
            (#""/1001""#, "orderNumber: expected <channel or partner code>/<number>"),
            ("1001", "orderNumber: expected a text, got 1001"),
            (#""shop/1","orderNumber":"shop/2""#, "orderNumber: is given twice"),
        ])
    func noNumber(_ number: String, _ complaint: String) {
        #expect(Decoding.complaint("order.placed.v1", Self.order(number: number)) == complaint)
    }
}
