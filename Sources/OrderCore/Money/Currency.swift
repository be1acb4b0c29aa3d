/// A currency of ISO 4217, known by its three-letter code.
///
/// Amounts are integers in its minor unit: `JPY` has none, `CNY` has cents, `KWD` has thousandths.
public struct Currency: Hashable, Sendable {
    /// The alphabetic code, upper case.
    public let code: String

    /// Digits behind the decimal point of the major unit.
    public let exponent: Int

    /// The currency with this code, or `nil` where ISO 4217 lists none that payments are made in.
    public init?(code: String) {
        guard let exponent = Self.exponents[code] else { return nil }
        self.code = code
        self.exponent = exponent
    }

    private init(placeholder: String) {
        code = placeholder
        exponent = 0
    }

    /// `XXX`, the code of ISO 4217 for "no currency": an order whose currency could not be read carries it.
    public static let none = Currency(placeholder: "XXX")

    /// ISO 4217, list one (active codes of funds and metals left out), with the exponent of each.
    private static let exponents: [String: Int] = {
        let codes: [Int: String] = [
            0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
            2: """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
            CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF \
            IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
            MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD \
            SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER \
            ZAR ZMW ZWG
            """,
            3: "BHD IQD JOD KWD LYD OMR TND",
        ]
        var table: [String: Int] = [:]
        for (exponent, list) in codes {
            for code in list.split(separator: " ") { table[String(code)] = exponent }
        }
        return table
    }()
}
