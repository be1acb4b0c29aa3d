import OrderMessages
import OrderStore
import Testing

@testable import OrderWorker

@Suite("P7: what a sender writes into headers and properties does not keep its message from being recorded")
struct UnstorableTextTests {
    @Test("the character NUL, which no table takes, stands as U+FFFD; all else is as it came")
    func nul() {
        let raw = OrderMessages.RawMessage(
            queue: "orders.internal", body: [0], messageID: "m\u{0}1", type: "order\u{0}",
            headers: ["x\u{0}": "a\u{0}b", "y": "ü"])
        let stored = OrderStore.RawMessage(raw, type: nil)
        #expect(stored.type == "order\u{FFFD}")
        #expect(stored.headers["x\u{FFFD}"] == "a\u{FFFD}b")
        #expect(stored.headers["y"] == "ü")
        let texts = stored.headers.flatMap { [$0.key, $0.value] }
        #expect(!texts.contains { $0.utf8.contains(0) })
        #expect(stored.body == [0])
    }
}
