import OrderCore
import Testing

@testable import OrderMessages

@Suite("Times as RFC 3339 writes them")
struct RFC3339Tests {
    @Test(
        "what is written by the book is read to the microsecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.5Z", -500_000),
            ("2000-02-29T12:00:00+00:00", 951_825_600_000_000),
            ("2026-11-21T09:30:00.123456+08:00", 1_795_224_600_123_456),
            ("2026-11-21T09:30:00.1234569+08:00", 1_795_224_600_123_456),
            ("2026-11-21t01:30:00.1z", 1_795_224_600_100_000),
            ("2026-11-20T20:00:00-05:30", 1_795_224_600_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
        ] as [(String, Int64)])
    func reads(_ text: String, _ microseconds: Int64) {
        #expect(RFC3339.parse(text) == Timestamp(microseconds: microseconds))
    }

    @Test(
        "what is not is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T09:30:00", "2026-11-21 09:30:00Z", "2026-11-21T09:30Z",
            "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z", "2026-11-21T09:30:61Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-11-00T00:00:00Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00+0800", "2026-11-21T09:30:00+24:00",
            "2026-11-21T09:30:00+08:60", "2026-11-21T09:30:00Zx", "20261121T093000Z", "+026-11-21T09:30:00Z",
            "1795224600", "２０２６-11-21T09:30:00Z",
        ])
    func refuses(_ text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test("what is written is read back")
    func roundTrip() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let time = Timestamp(microseconds: Int64.random(in: 0...4_102_444_799_999_999, using: &generator))
            #expect(RFC3339.parse(RFC3339.text(time)) == time)
        }
        #expect(RFC3339.text(Timestamp(microseconds: 1_795_224_600_000_000)) == "2026-11-21T01:30:00Z")
        #expect(RFC3339.text(Timestamp(microseconds: 1_795_224_600_100_000)) == "2026-11-21T01:30:00.100Z")
        #expect(RFC3339.text(Timestamp(microseconds: 1_795_224_600_000_001)) == "2026-11-21T01:30:00.000001Z")
    }
}
