import OrderCore
import Testing

@Suite("How rules look for text")
struct RuleTextTests {
    @Test(
        "a part is found wherever it stands, Latin letters in any case",
        arguments: [
            ("Please ASAP, thanks", "asap", true), ("asap", "asap", true), ("as soon as possible", "asap", false),
            ("请尽快发货", "尽快", true), ("请发货", "尽快", false), ("", "a", false), ("a", "", true), ("", "", true),
            ("aab", "ab", true), ("ÄB", "äb", false),
        ])
    func contains(text: String, part: String, isFound: Bool) {
        #expect(RuleText.contains(text, part) == isFound)
        #expect(RuleText.matches(text, "*\(part)*") == isFound)
    }

    @Test(
        "in a pattern a star stands for any text and a question mark for one character",
        arguments: [
            ("TEA-12", "tea-*", true), ("XTEA-12", "TEA-*", false), ("TEA", "TEA", true), ("TEAS", "TEA", false),
            ("abcbc", "a*bc", true), ("abcbd", "a*bc", false), ("茶杯", "?杯", true), ("茶茶杯", "?杯", false),
            ("茶茶杯", "*?杯", true), ("x", "?*", true), ("", "?*", false), ("", "*", true), ("", "", true),
            ("a", "", false),
        ])
    func matches(text: String, pattern: String, doesMatch: Bool) {
        #expect(RuleText.matches(text, pattern) == doesMatch)
    }
}
