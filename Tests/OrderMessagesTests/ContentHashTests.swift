import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("The same content has the same hash, however it is written")
struct ContentHashTests {
    private static func hash(_ data: String, type: String = "order.placed.v1", queue: String? = nil) throws
        -> ContentHash?
    {
        try Decoding.messages(type, data, queue: queue).first?.contentHash
    }

    private static let order =
        #"{"orderNumber":"shop/1","currency":"CNY","remark":"a","lines":[{"line":1,"sku":"A","quantity":1,"unitPriceMinor":5}]}"#

    @Test(
        "key order, spaces, escapes, nulls and unknown fields make no difference",
        arguments: [
            #"{ "lines":[{"unitPriceMinor":5,"quantity":1,"sku":"\u0041","line":1}],"remark":"a","currency":"CNY","orderNumber":"shop\/1"}"#,
            #"{"orderNumber":"shop/1","currency":"CNY","remark":"a","new":[1],"buyer":null,"lines":[{"line":1,"sku":"A","type":null,"quantity":1,"unitPriceMinor":5,"x":{}}]}"#,
            #"{"orderNumber":"shop/1","currency":"CNY","paymentTerm":"online","remark":"a","lines":[{"line":1,"sku":"A","quantity":1,"unitPriceMinor":5}]}"#,
        ])
    func same(_ other: String) throws {
        #expect(try Self.hash(other) == Self.hash(Self.order))
    }

    @Test(
        "any known value makes one",
        arguments: [
            (#""shop/1""#, #""shop/2""#), (#""CNY""#, #""JPY""#), (#""remark":"a""#, #""remark":"b""#),
            (#""line":1"#, #""line":2"#), (#""sku":"A""#, #""sku":"B""#), (#""quantity":1"#, #""quantity":2"#),
            (#""quantity":1"#, #""quantity":"x""#), (#""unitPriceMinor":5"#, #""unitPriceMinor":6"#),
            (#""remark":"a""#, #""receiver":{"name":"a"}"#), (#""remark":"a""#, #""receiver":{"phone":"a"}"#),
            (#""remark":"a""#, #""remark":"a","placedAt":"2026-11-21T01:30:00Z""#),
            (#""remark":"a""#, #""remark":"a","amounts":{"taxMinor":1}"#),
            (#""remark":"a""#, #""remark":"a","amounts":{"payableMinor":1}"#),
        ])
    func other(_ part: String, _ changed: String) throws {
        #expect(try Self.hash(Self.order.replacing(part, with: changed)) != Self.hash(Self.order))
    }

    @Test("the envelope makes none, the type does")
    func envelope() throws {
        let data = #"{"orderNumber":"shop/1","requestId":"r"}"#
        let messages = ["a", "b"].map { Decoding.decode("order.cancel.v1", data, id: $0, source: $0) }
        #expect(try messages[0].result.get()[0].contentHash == messages[1].result.get()[0].contentHash)
        #expect(try Self.hash(data, type: "order.cancel.v1") != Self.hash(data, type: "order.received.v1"))
        #expect(try Self.hash(Self.order) != Self.hash(Self.order, queue: "orders.external"))
    }

    @Test("neighbours do not run into each other")
    func boundaries() {
        func hash(_ texts: [String?]) -> ContentHash {
            var hasher = ContentHasher("t")
            for text in texts { hasher.add(text) }
            return hasher.finish()
        }
        #expect(
            Set([hash(["ab", "c"]), hash(["a", "bc"]), hash(["abc"]), hash([nil, "abc"]), hash(["", "abc"])]).count == 5
        )
    }

    @Test("it is the first half of a SHA-256")
    func vector() {
        // FIPS 180-4, the hash of "abc".
        #expect(
            ContentHash(sha256Of: Array("abc".utf8))
                == ContentHash(high: 0xba78_16bf_8f01_cfea, low: 0x4141_40de_5dae_2223))
    }
}
