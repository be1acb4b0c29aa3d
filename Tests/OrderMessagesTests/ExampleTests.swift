import Foundation
import Testing

@testable import OrderCore
@testable import OrderMessages

/// The examples of the documents, which `scripts/asyncapi-check` holds against the schemas.
@Suite("The examples of the documents are what the code reads and writes")
struct ExampleTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../docs/examples").standardizedFileURL

    private static func names(_ direction: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(direction).path)
        return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    private static func body(_ direction: String, _ name: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(direction).appendingPathComponent(name + ".json"))
    }

    @Test("every inbound type has an example")
    func complete() {
        #expect(Set(Self.names("in")) == Set(InboundType.byName.keys))
    }

    @Test("every inbound example is read without a defect", arguments: InboundType.byName.keys.sorted())
    func reads(_ name: String) throws {
        let body = try Self.body("in", name)
        for queue in try #require(InboundType.byName[name]).queues {
            let raw = RawMessage(queue: queue, body: Array(body), contentType: "application/cloudevents+json")
            let decoded = MessageDecoder().decode(raw, receivedAt: EventFixtures.time, sender: .system)
            let messages = try decoded.result.get()
            #expect(decoded.type == name + ".v1")
            #expect(!messages.isEmpty)
            if case .orderPlaced(let placed) = messages[0].payload { #expect(placed.defects.isEmpty) }
        }
    }

    @Test("every outbound example says what the encoder writes", arguments: EventFixtures.events)
    func writes(_ event: Event) throws {
        let name = event.payload.name
        let delivery = try #require(event.deliveries.first)
        var context = EnvelopeContext()
        context.correlationID = "checkout-5512"
        context.traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let envelope = EventEnvelope(
            epoch: 1, receiver: delivery.receiver, name: name, subject: event.subject.text, number: delivery.number,
            time: EventFixtures.time, cause: event.cause, context: context, uniqueID: "alert-1")
        let message = EventEncoder(instance: "main").message(envelope, data: EventEncoder.data(of: event))
        let written = try #require(JSONSerialization.jsonObject(with: Data(message.body)) as? NSDictionary)
        if let target = ProcessInfo.processInfo.environment["ORDERFLOW_WRITE_EXAMPLES"] {
            let pretty = try JSONSerialization.data(
                withJSONObject: written, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            try (pretty + Data("\n".utf8)).write(
                to: URL(fileURLWithPath: target).appendingPathComponent(name + ".json"))
        }
        let example = try JSONSerialization.jsonObject(with: Self.body("out", name)) as? NSDictionary
        #expect(example == written)
    }

    @Test("every outbound example belongs to an event")
    func noStrayExample() {
        #expect(Set(Self.names("out")) == Set(EventFixtures.events.map(\.payload.name)))
    }
}
