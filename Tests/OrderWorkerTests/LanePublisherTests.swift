import OrderCore
import OrderMessages
import OrderStore
import Testing

@testable import OrderWorker

@Suite("P4: what a lane has to publish")
struct LanePublisherTests {
    @Test("an event set aside behind another lane's, and that lane dies: who adopts its event publishes it")
    func adoptedBeforeSetAside() {
        var publisher = LanePublisher()
        publisher.add(row(6), head: 5)
        publisher.leaveBlocked(now: .now + .seconds(6))
        let setAside = publisher.setAside.map(\.number)
        #expect(setAside == [6])
        publisher.adopt(row(5), head: 5)
        let hasReady = publisher.hasReady
        #expect(hasReady)
    }

    private func row(_ number: Int64) -> LanePublisher.Row {
        let stream = OutboxStream(subject: "TEA@WH1", receiver: "storefront")
        let envelope = EventEnvelope(
            epoch: 1, receiver: stream.receiver, name: "stock.changed", subject: stream.subject, number: number,
            time: Timestamp(microseconds: 0), cause: MessageIdentity(source: "wms", id: "1"))
        return LanePublisher.Row(
            key: OutboxKey(stream: stream, number: number, eventID: number),
            content: PendingEvent(envelope: envelope, data: []))
    }
}
