import Testing

@testable import OrderImport

@Suite("Amounts of an export")
struct DecimalTests {
    private static let german = DecimalStyle(point: ",", grouping: ".")

    @Test(
        "become minor units exactly",
        arguments: [
            ("198.7", 2, 19870), ("0.0", 2, 0), ("39.90", 2, 3990), ("120", 2, 12000), (".5", 2, 50), ("5.", 2, 500),
            ("-1.05", 2, -105), ("+1.05", 2, 105), ("1.500", 2, 150), ("1000", 0, 1000), ("1000.00", 0, 1000),
            ("1.234", 3, 1234), ("90071992547409.93", 2, 9_007_199_254_740_993),
        ] as [(String, Int, Int64)])
    func exact(text: String, digits: Int, minor: Int64) throws {
        #expect(try DecimalStyle().minorUnits(text, digits: digits, of: "XYZ") == minor)
    }

    @Test(
        "have the export's decimal point and thousands",
        arguments: [("1.234,5", 123_450), ("12,34", 1_234), ("1.234.567,00", 123_456_700)] as [(String, Int64)])
    func styles(text: String, minor: Int64) throws {
        #expect(try Self.german.minorUnits(text, digits: 2, of: "EUR") == minor)
    }

    @Test(
        "that are none, or not exact, are told",
        arguments: [
            ("198.705", "BRL has 2 decimal digits, \"198.705\" has more"),
            ("abc", "expected an amount as 1234.5, got \"abc\""), ("1,5", "expected an amount as 1234.5, got \"1,5\""),
            ("1.2.3", "expected an amount as 1234.5, got \"1.2.3\""), ("-", "expected an amount as 1234.5, got \"-\""),
            (".", "expected an amount as 1234.5, got \".\""), ("1e3", "expected an amount as 1234.5, got \"1e3\""),
            ("١", "expected an amount as 1234.5, got \"١\""),
            ("99999999999999999999", "\"99999999999999999999\" is too large"),
        ])
    func refused(text: String, reason: String) {
        let fault = #expect(throws: RowFault.self) { try DecimalStyle().minorUnits(text, digits: 2, of: "BRL") }
        #expect(fault?.text == reason)
    }

    @Test("are not read with thousands in the wrong places", arguments: ["1.23,4", "12345.678,0", ".123", "1..234"])
    func wrongGroups(text: String) {
        #expect(throws: RowFault.self) { try Self.german.minorUnits(text, digits: 2, of: "EUR") }
    }
}
