import Testing

@testable import orderflow

@Suite("Tables")
struct TableTests {
    @Test(
        "wide characters take two columns, marks and joiners none",
        arguments: [
            ("abc", 3), ("上海", 4), ("한국", 4), ("ｶﾅ", 2), ("カナ", 4), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("（１）", 6),
            ("", 0),
        ])
    func width(_ text: String, _ columns: Int) {
        #expect(TextWidth.columns(text) == columns)
    }

    @Test("columns stand under their headings whatever the script")
    func alignment() {
        let listing = Listing(
            ["city", "orders"], rows: [[.text("上海市"), .integer(5)], [.text("Köln"), .integer(12)]])
        #expect(listing.table == "CITY    ORDERS\n上海市       5\nKöln        12")
    }

    @Test("control characters neither break the table nor reach the terminal")
    func control() {
        let listing = Listing(["name"], rows: [[.text("a\u{1B}[31mb\nc")]])
        #expect(listing.table == "NAME\na [31mb c")
        #expect(listing.json == "[\n{\"name\":\"a\\u001b[31mb\\nc\"}\n]")
    }

    @Test("amounts are shown with their currency's places")
    func money() {
        #expect(Cell.money(-5, currency: "CNY").table == "-0.05 CNY")
        #expect(Cell.money(1234, currency: "JPY").table == "1234 JPY")
        #expect(Cell.money(1234, currency: "KWD").table == "1.234 KWD")
        #expect(Cell.money(1234, currency: "CNY").json == "1234")
    }

    @Test(
        "times are written in UTC, as far back as there are any",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_226_405_123_456, "2026-11-21T02:00:05.123456Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        ])
    func time(_ microseconds: Int64, _ text: String) {
        #expect(UTCTime(microseconds: microseconds).full == text)
    }

    @Test(
        "passwords are masked wherever a URL may hold them",
        arguments: [
            ("amqp://u:p@h/v", "amqp://u:***@h/v"), ("amqp://u:p/w@h/v", "amqp://u:***@h/v"),
            ("amqp://h/v", "amqp://h/v"),
            ("postgresql://u@h/d?password=p&x=y", "postgresql://u@h/d?password=***&x=y"),
            ("host=h password=p user=u", "host=h password=*** user=u"),
        ])
    func masking(_ url: String, _ masked: String) {
        #expect(Masking.url(url) == masked)
    }
}
