import Testing

@testable import OrderRules

@Suite("Spelling")
struct SpellingTests {
    @Test("the nearest name is offered, and none where nothing is near")
    func nearest() {
        #expect(Spelling.nearest(to: "lanse", among: ["lanes", "level"]) == "lanes")
        #expect(Spelling.nearest(to: "zebra", among: ["lanes", "level"]) == nil)
        #expect(Spelling.distance("abcd", "acbd") == 1)
    }
}
