import Testing

@testable import OrderImport

@Suite("Times of an export")
struct TimeTests {
    private func read(_ text: String, _ pattern: String, _ zone: String = "America/Sao_Paulo") throws -> String {
        try TimePattern(pattern).moment(text, TimeZoneRules.named(zone)).text
    }

    @Test(
        "have the offset that their place had then",
        arguments: [
            // Summer time in São Paulo until 2019, none since.
            ("2017-12-04 17:24:57", "2017-12-04T17:24:57-02:00"), ("2017-06-26 07:04:39", "2017-06-26T07:04:39-03:00"),
            ("2019-02-16 23:59:59", "2019-02-16T23:59:59-02:00"), ("2020-12-04 12:00:00", "2020-12-04T12:00:00-03:00"),
            ("2090-01-01 00:00:00", "2090-01-01T00:00:00-03:00"),
        ])
    func historicalOffsets(local: String, expected: String) throws {
        #expect(try read(local, "yyyy-MM-dd HH:mm:ss") == expected)
    }

    @Test(
        "that there never were are as much later as the clocks were set forward",
        arguments: [
            ("2017-10-15 00:00:00", "America/Sao_Paulo", "2017-10-15T01:00:00-02:00"),
            ("2017-10-15 00:30:00", "America/Sao_Paulo", "2017-10-15T01:30:00-02:00"),
            ("2024-03-31 02:30:00", "Europe/Berlin", "2024-03-31T03:30:00+02:00"),
            ("2050-03-13 02:30:00", "America/New_York", "2050-03-13T03:30:00-04:00"),
        ])
    func gaps(local: String, zone: String, expected: String) throws {
        #expect(try read(local, "yyyy-MM-dd HH:mm:ss", zone) == expected)
    }

    @Test(
        "that there were twice are the first of both",
        arguments: [
            ("2018-02-17 23:30:00", "America/Sao_Paulo", "2018-02-17T23:30:00-02:00"),
            ("2024-10-27 02:30:00", "Europe/Berlin", "2024-10-27T02:30:00+02:00"),
            ("2050-11-06 01:30:00", "America/New_York", "2050-11-06T01:30:00-04:00"),
        ])
    func overlaps(local: String, zone: String, expected: String) throws {
        #expect(try read(local, "yyyy-MM-dd HH:mm:ss", zone) == expected)
    }

    @Test(
        "beyond the database's table follow the zone's rule",
        arguments: [
            ("2060-07-01 12:00:00", "Europe/Berlin", "+02:00"), ("2060-01-01 12:00:00", "Europe/Berlin", "+01:00"),
            ("2060-01-01 12:00:00", "Australia/Sydney", "+11:00"),
            ("2060-07-01 12:00:00", "Australia/Sydney", "+10:00"),
            ("2060-07-01 12:00:00", "Asia/Kolkata", "+05:30"), ("2060-07-01 12:00:00", "UTC", "+00:00"),
        ])
    func rules(local: String, zone: String, offset: String) throws {
        #expect(try read(local, "yyyy-MM-dd HH:mm:ss", zone).hasSuffix(offset))
    }

    @Test(
        "are read in the export's own way",
        arguments: [
            ("4.12.2017 9:05", "d.M.yyyy H:mm", "2017-12-04T09:05:00-02:00"),
            ("12/04/2017 05:24 PM", "MM/dd/yyyy hh:mm a", "2017-12-04T17:24:00-02:00"),
            ("12/04/2017 12:24 AM", "MM/dd/yyyy hh:mm a", "2017-12-04T00:24:00-02:00"),
            ("04-Dec-2017", "dd-MMM-yyyy", "2017-12-04T00:00:00-02:00"),
            ("20171204T172457", "yyyyMMdd'T'HHmmss", "2017-12-04T17:24:57-02:00"),
            ("2017-12-04 17:24:57.123456", "yyyy-MM-dd HH:mm:ss.SSSSSS", "2017-12-04T17:24:57.123456-02:00"),
            ("2017-12-04 17:24:57 +0800", "yyyy-MM-dd HH:mm:ss XXX", "2017-12-04T17:24:57+08:00"),
            ("2017-12-04", "iso", "2017-12-04T00:00:00-02:00"),
            ("2017-12-04T17:24:57Z", "iso", "2017-12-04T17:24:57+00:00"),
            ("2017-12-04 17:24", "iso", "2017-12-04T17:24:00-02:00"),
            ("2017-12-04T17:24:57.5+01:00", "iso", "2017-12-04T17:24:57.500000+01:00"),
            ("1512415497", "epochSeconds", "2017-12-04T17:24:57-02:00"),
            ("1512415497250", "epochMilliseconds", "2017-12-04T17:24:57.250000-02:00"),
        ])
    func patterns(text: String, pattern: String, expected: String) throws {
        #expect(try read(text, pattern) == expected)
    }

    @Test(
        "that are none are told",
        arguments: [
            "", "2017-02-29 00:00:00", "2017-13-01 00:00:00", "2017-12-04", "2017-12-04 24:00:00", "x",
            "2017-12-04 17:24:57 ",
        ])
    func notATime(text: String) throws {
        let fault = #expect(throws: RowFault.self) { try read(text, "yyyy-MM-dd HH:mm:ss") }
        #expect(fault?.text == "expected a time as yyyy-MM-dd HH:mm:ss, got \"\(text)\"")
    }

    @Test("agree with the calendar on every day of four centuries")
    func calendar() {
        var day = CivilTime.days(1900, 1, 1)
        var wrong: [Int64] = []
        for year: Int64 in 1900..<2300 {
            for month: Int64 in 1...12 {
                for date: Int64 in 1...CivilTime.days(in: month, of: year) {
                    let civil = CivilTime(secondsAsUTC: day * 86_400)
                    let isRight = civil.year == year && civil.month == month && civil.day == date
                    if !isRight || CivilTime.days(year, month, date) != day { wrong.append(day) }
                    day += 1
                }
            }
        }
        #expect(wrong.isEmpty)
        #expect(day == CivilTime.days(2300, 1, 1))
    }
}
