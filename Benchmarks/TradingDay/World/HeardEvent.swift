internal import FoundationEssentials

/// An event as a receiver reads it: of the data only what somebody answers to.
struct HeardEvent: Decodable {
    struct Line: Decodable {
        /// Whose line it is, where several orders travel together.
        var orderNumber: String?
        var line: Int64
        var sku: String?
        var quantity: Int64

        /// So many units of it.
        func units(_ quantity: Int64) -> Line {
            var line = self
            line.quantity = quantity
            return line
        }
    }

    struct Hold: Decodable {
        var reason: String
    }

    struct Payload: Decodable {
        var orderNumber: String?
        var fulfilmentId: String?
        var requestId: String?
        var warehouse: String?
        var lines: [Line]?
        var gateway: String?
        var transactionId: String?
        var amountMinor: Int64?
        var collectMinor: Int64?
        var currency: String?
        var `try`: Int64?
        var line: Int64?
        var quantity: Int64?
        var hold: Hold?
    }

    var id: String
    /// With its version.
    var type: String
    var subject: String?
    var sequence: String?
    var data: Payload

    /// Reads a body in structured mode.
    static func read(_ body: [UInt8]) -> HeardEvent? {
        try? JSONDecoder().decode(HeardEvent.self, from: Data(body))
    }
}
