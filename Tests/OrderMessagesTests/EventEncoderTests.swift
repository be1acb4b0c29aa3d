import Foundation
import Testing

@testable import OrderCore
@testable import OrderMessages

@Suite("Events are written the same each time")
struct EventEncoderTests {
    private static let event = EventFixtures.event(.orderPaid(EventFixtures.summary))
    private static var envelope: EventEnvelope {
        EventEnvelope(
            epoch: 1, receiver: "erp", name: "order.paid", subject: "shop/1001", number: 3, time: EventFixtures.time,
            cause: EventFixtures.message)
    }

    @Test("ids follow RFC 9562 and are made of epoch, receiver, subject and number")
    func ids() {
        let dns: [UInt8] = [
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
        ]
        #expect(UUIDv5.text(namespace: dns, name: "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
        #expect(UUIDv5.text(namespace: UUIDv5.urlNamespace, name: "张三") == "d6267956-80a2-55fd-a539-7310d0dde8c7")
        #expect(Self.envelope.id == "3631bd5a-547a-54d7-ba8b-9469cfbffb9d")
        var others = [Self.envelope, Self.envelope, Self.envelope, Self.envelope, Self.envelope]
        others[1].epoch = 2
        others[2].receiver = "finance"
        others[3].subject = "shop/1002"
        others[4].number = 4
        #expect(Set(others.map(\.id)).count == 5)
        var alert = Self.envelope
        alert.receiver = "ops"
        alert.number = 0
        alert.uniqueID = "alert-1"
        #expect(alert.id == "8c3780f2-f24e-5ae1-8574-7cf0e739ab15")
    }

    @Test("published again from the stored data it is the same message")
    func deterministic() {
        let encoder = EventEncoder(instance: "main")
        let stored = EventEncoder.data(of: Self.event)
        #expect(stored == EventEncoder.data(of: Self.event))
        #expect(encoder.message(Self.envelope, data: stored) == encoder.message(Self.envelope, data: stored))
    }

    @Test("properties and routing key say who, what and when")
    func properties() {
        let message = EventEncoder(instance: "main").message(Self.envelope, data: Array("{}".utf8))
        #expect(message.routingKey == "erp.order.paid")
        #expect(message.contentType == "application/cloudevents+json")
        #expect(message.messageID == Self.envelope.id)
        #expect(message.appID == "orderflow")
        #expect(message.type == "order.paid.v1")
        #expect(message.timestamp == 1_795_224_600)
        #expect(message.headers.isEmpty)
        #expect(
            String(decoding: message.body, as: UTF8.self)
                == #"{"specversion":"1.0","id":"\#(message.messageID)","source":"orderflow/main","type":"order.paid.v1","#
                + #""subject":"shop/1001","time":"2026-11-21T01:30:00Z","datacontenttype":"application/json","#
                + #""sequence":"00000000000000000003","epoch":1,"causationid":"n-881","data":{}}"#)
    }

    @Test("binary mode says the same in headers")
    func binary() throws {
        var envelope = Self.envelope
        envelope.context.correlationID = "c"
        let data = EventEncoder.data(of: Self.event)
        let message = EventEncoder(instance: "main", mode: .binary).message(envelope, data: data)
        #expect(message.body == data)
        #expect(message.contentType == "application/json")
        let structured = EventEncoder(instance: "main").message(envelope, data: data)
        let object = try #require(JSONSerialization.jsonObject(with: Data(structured.body)) as? [String: Any])
        for (name, value) in object where name != "data" && name != "datacontenttype" {
            #expect(message.headers["cloudEvents_\(name)"] == "\(value)")
        }
        #expect(message.headers.count == object.count - 2)
    }

    @Test("alerts have neither subject nor sequence")
    func alert() throws {
        var envelope = Self.envelope
        envelope.subject = ""
        envelope.number = 0
        let message = EventEncoder(instance: "main").message(envelope, data: Array("{}".utf8))
        let object = try #require(JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any])
        #expect(object["subject"] == nil)
        #expect(object["sequence"] == nil)
    }

    @Test("any text comes back as it was")
    func escaping() throws {
        let awkward = "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é世😀\u{2028}"
        var json = JSONWriter(capacity: 8)
        json.object { json in
            json.write("text", awkward)
            json.write("least", Int64.min)
            json.write("most", Int64.max)
            json.write("zero", Int64(0))
        }
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(object["text"] as? String == awkward)
        #expect(object["least"] as? Int64 == .min)
        #expect(object["most"] as? Int64 == .max)
        #expect(object["zero"] as? Int64 == 0)
    }

    @Test("the names of events, which rules may test, are those that are told")
    func names() {
        #expect(Set(EventPayload.names) == Set(EventFixtures.payloads.map(\.name)))
        #expect(EventPayload.names.count == Set(EventPayload.names).count)
    }

    @Test("only the request to ship carries personal data, and other receivers do not learn of an order by its stock")
    func privacy() {
        for event in EventFixtures.events {
            let text = String(decoding: EventEncoder.data(of: event), as: UTF8.self)
            let isPersonal = ["fulfilment.requested", "fulfilment.amend_requested"].contains(event.payload.name)
            #expect(text.contains("张三") == isPersonal)
        }
        let stock = EventEncoder.data(of: EventFixtures.event(.stockChanged(EventFixtures.stock, available: 1)))
        #expect(String(decoding: stock, as: UTF8.self) == #"{"sku":"TEA-100","warehouse":"SH1","available":1}"#)
    }
}
