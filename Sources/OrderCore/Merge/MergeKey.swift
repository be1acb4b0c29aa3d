/// What orders have to share to go out in one parcel, as a keyed hash: it tells nobody who the buyer is.
enum MergeKey {
    /// The key of an order; none of one whose buyer nobody knows.
    static func of(_ state: OrderState, _ hashKey: HashKey) -> String? {
        guard let contact = state.contact.all.first, let buyer = contact.buyer else { return nil }
        return hashKey.hex(of: [buyer] + shared(state.order, contact.receiver))
    }

    /// What a person must find alike, who puts orders of whatever buyers together.
    static func shared(_ state: OrderState) -> [String]? {
        state.contact.all.first.map { shared(state.order, $0.receiver) }
    }

    /// The key of orders that a person has put together.
    static func tie(_ cause: MessageIdentity, _ hashKey: HashKey) -> String { hashKey.hex(of: [cause.text]) }

    private static func shared(_ order: Order, _ receiver: Receiver) -> [String] {
        [order.kind.rawValue, order.seller, order.paymentTerm.rawValue, order.currency.code, phone(receiver.phone)]
            + [
                receiver.name, receiver.country, receiver.province, receiver.city, receiver.district, receiver.address,
                receiver.postalCode,
            ].map(normal)
    }

    /// Without what people write in different ways: blanks, punctuation, capitals, full-width forms. What parts two
    /// numbers stays: 3-12 is another door than 31-2.
    static func normal(_ text: String?) -> String {
        var result = ""
        var partsNumbers = false
        for scalar in (text ?? "").unicodeScalars {
            var scalar = scalar
            if (0xFF01...0xFF5E).contains(scalar.value) {
                scalar = Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
            }
            let properties = scalar.properties
            let isNumber = properties.numericType == .decimal
            guard properties.isAlphabetic || properties.numericType != nil else {
                partsNumbers = result.last?.isNumber == true
                continue
            }
            if partsNumbers, isNumber { result += "-" }
            partsNumbers = false
            result += properties.lowercaseMapping
        }
        return result
    }

    /// The digits, without the country's code of China.
    static func phone(_ text: String?) -> String {
        let digits = normal(text).filter(\.isNumber)
        for prefix in ["0086", "86"] where digits.hasPrefix(prefix) && digits.count == prefix.count + 11 {
            return String(digits.dropFirst(prefix.count))
        }
        return digits
    }
}

/// The secret that personal data are hashed with, 128 bits.
public struct HashKey: Hashable, Sendable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// Makes a key of its halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 128 bits over texts, as 32 digits: SipHash-2-4 (Aumasson and Bernstein, 2012), once for each half.
    func hex(of texts: [String]) -> String {
        var bytes: [UInt8] = []
        for text in texts {
            bytes += Array(text.utf8)
            bytes.append(0xFF)
        }
        let halves = [sipHash(bytes + [0]), sipHash(bytes + [1])]
        return halves.map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// SipHash-2-4 of 64 bits.
    package func sipHash(_ bytes: [UInt8]) -> UInt64 {
        var state = SipState(self)
        let whole = bytes.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) { state.take(word(bytes[start..<start + 8])) }
        state.take(word(bytes[whole...]) | UInt64(truncatingIfNeeded: bytes.count) << 56)
        return state.finish()
    }

    private func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

private struct SipState {
    private var (v0, v1, v2, v3): (UInt64, UInt64, UInt64, UInt64)

    init(_ key: HashKey) {
        v0 = 0x736F_6D65_7073_6575 ^ key.high
        v1 = 0x646F_7261_6E64_6F6D ^ key.low
        v2 = 0x6C79_6765_6E65_7261 ^ key.high
        v3 = 0x7465_6462_7974_6573 ^ key.low
    }

    mutating func take(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    mutating func finish() -> UInt64 {
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
