import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("A message is known by its envelope, in whichever form it has")
struct EnvelopeTests {
    private static let data = #"{"orderNumber":"shop/1","requestId":"r"}"#

    private static func decode(_ raw: RawMessage) -> Decoded {
        MessageDecoder().decode(raw, receivedAt: Decoding.now, sender: .stranger)
    }

    private static func structured(_ attributes: String, contentType: String = "application/cloudevents+json")
        -> Decoded
    {
        decode(RawMessage(queue: "orders.commands", body: Array("{\(attributes)}".utf8), contentType: contentType))
    }

    @Test("structured, binary with either prefix, and bare JSON say the same")
    func forms() throws {
        let full =
            #""specversion":"1.0","id":"m","source":"s","type":"order.cancel.v1","time":"2026-11-21T01:30:00Z","correlationid":"c","traceparent":"t","tracestate":"x","data":\#(Self.data)"#
        var all = [
            Self.structured(full), Self.structured(full, contentType: "Application/CloudEvents+JSON; charset=utf-8"),
        ]
        for prefix in ["cloudEvents_", "cloudEvents:"] {
            let attributes = [
                "specversion": "1.0", "id": "m", "source": "s", "type": "order.cancel.v1",
                "time": "2026-11-21T01:30:00Z", "correlationid": "c", "traceparent": "t", "tracestate": "x",
            ]
            let headers = Dictionary(uniqueKeysWithValues: attributes.map { (prefix + $0.key, $0.value) })
            all.append(
                Self.decode(
                    RawMessage(queue: "orders.commands", body: Array(Self.data.utf8), headers: headers)))
        }
        all.append(
            Self.decode(
                RawMessage(
                    queue: "orders.commands", body: Array(Self.data.utf8), messageID: "m", appID: "s",
                    type: "order.cancel.v1", timestamp: 1_795_224_600,
                    headers: ["correlationid": "c", "traceparent": "t", "tracestate": "x", "x-delivery-count": "2"])))
        let first = try #require(all.first)
        for decoded in all {
            let message = try #require(decoded.result.get().first)
            #expect(message.identity == MessageIdentity(source: "s", id: "m"))
            #expect(message.businessKey == "order:shop%2F1/cancel/r")
            #expect(try message.contentHash == first.result.get().first?.contentHash)
            #expect(decoded.context == first.context)
            #expect(decoded.context.correlationID == "c")
            #expect(decoded.context.traceParent == "t")
            #expect(decoded.context.time == Timestamp(microseconds: 1_795_224_600_000_000))
        }
    }

    @Test("without id, source or type it is dead, and nothing is invented")
    func missing() {
        let raw = RawMessage(queue: "orders.commands", body: Array(Self.data.utf8), appID: "s")
        guard case .failure(let failure) = Self.decode(raw).result else { return #expect(Bool(false)) }
        #expect(failure.code == .missingIdentity)
        #expect(failure.text == "the envelope has no readable id and no type (a text of 1 to 200 bytes)")
        #expect(failure.identity == nil)
        #expect(failure.bodyHash == ContentHash(sha256Of: raw.body))
        let wrong = Self.structured(#""specversion":"1.0","id":7,"source":"","type":"order.cancel.v1","data":{}"#)
        #expect(wrong.failure?.text == "the envelope has no readable id and no source (a text of 1 to 200 bytes)")
        let twice = Self.structured(
            #""specversion":"1.0","id":"a","id":"b","source":"s","type":"order.cancel.v1","data":{}"#)
        #expect(twice.failure?.code == .missingIdentity)
    }

    @Test("an envelope of another kind or version, or without data, is refused")
    func unsupported() {
        let rest = #""id":"m","source":"s","type":"order.cancel.v1""#
        #expect(Self.structured(#""specversion":"0.3",\#(rest),"data":{}"#).failure?.code == .unsupportedEnvelope)
        #expect(Self.structured(#"\#(rest),"data":{}"#).failure?.path == "specversion")
        #expect(Self.structured(#""specversion":"1.0",\#(rest)"#).failure?.path == "data")
        let batch = Self.structured("", contentType: "application/cloudevents-batch+json").failure
        #expect(batch?.code == .unsupportedEnvelope)
        #expect(Self.structured(#""specversion":"1.0",\#(rest),"data":[]"#).failure?.code == .malformed)
    }

    @Test("types nobody knows, other versions, and wrong queues each have their reason")
    func types() {
        func failure(_ type: String) -> DecodeFailure? {
            Decoding.failure(type, Self.data, queue: "orders.commands")
        }
        #expect(failure("order.unknown.v1")?.code == .unknownType)
        #expect(failure("aftersale.request.v1")?.code == .unknownType)
        #expect(failure("")?.code == .missingIdentity)
        #expect(failure("order.cancel.v2")?.code == .unknownVersion)
        #expect(failure("order.cancel.v2")?.text == "order.cancel.v2: only order.cancel.v1 is known")
        #expect(failure("order.cancel")?.code == .unknownVersion)
        #expect(failure("order.command.v1")?.code == .wrongQueue)
        #expect(
            failure("order.command.v1")?.text
                == "order.command.v1 belongs into staff.commands, not into orders.commands")
        #expect(
            failure("order.placed.v1")?.text
                == "order.placed.v1 belongs into orders.internal or orders.external, not into orders.commands")
    }

    @Test("a body that is no JSON, in another encoding, too deep or too large, keeps what is known of it")
    func bodies() {
        func failure(_ body: [UInt8]) -> DecodeFailure? {
            Self.decode(
                RawMessage(
                    queue: "orders.commands", body: body, messageID: "m", appID: "s", type: "order.cancel.v1",
                    timestamp: 1_795_224_600)
            ).failure
        }
        let html = failure(Array("<html>".utf8))
        #expect(html?.code == .notJSON)
        #expect(html?.text == "expected a value at byte 0, found `<`")
        #expect(html?.identity == MessageIdentity(source: "s", id: "m"))
        #expect(html?.type == "order.cancel.v1")
        #expect(failure([])?.text == "expected a value at byte 0, found the end of the body")
        #expect(
            failure(Array(#"{"a":1}x"#.utf8))?.text == "expected nothing behind the JSON value at byte 7, found `x`")
        #expect(failure([0xFF, 0xFE, 0x7B, 0x00])?.code == .notUTF8)
        #expect(
            failure(Array(#"{"remark":""#.utf8) + [0xD5, 0xC5] + Array(#""}"#.utf8))?.text == "byte 11 is not UTF-8")
        let deep = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
        #expect(failure(Array(deep.utf8))?.code == .tooDeep)
        #expect(failure([UInt8](repeating: 0x20, count: 1_048_577))?.code == .tooLarge)
        let marked = [0xEF, 0xBB, 0xBF] + Array(Self.data.utf8)
        #expect(failure(marked) == nil)
    }

    @Test("a failure names the order, and groups with others of its kind")
    func failureContext() {
        let data =
            #"{"orderNumber":"shop/1","gateway":"g","transactionId":"t","operationId":"o","currency":"XXX","amountMinor":1}"#
        let failure = Decoding.failure("payment.captured.v1", data)
        #expect(failure?.orderNumber == "shop/1")
        #expect(failure?.description == #"currency: expected a currency code of ISO 4217, got "XXX""#)
        #expect(failure?.fingerprint == "malformed payment.captured.v1 currency")
        #expect(Decoding.failure("payment.captured.v2", data)?.orderNumber == "shop/1")
        let lines =
            #"{"orderNumber":"shop/1","warehouse":"W","shipment":"S","lines":[{"line":1,"quantity":1},{"line":2}]}"#
        #expect(
            Decoding.failure("fulfilment.shipped.v1", lines)?.fingerprint
                == "malformed fulfilment.shipped.v1 lines[].quantity")
    }
}

extension Decoded {
    var failure: DecodeFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }
}
