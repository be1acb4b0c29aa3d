public import FoundationEssentials

/// An event as a receiver has heard it, in order of arrival.
public struct Hearing: Sendable {
    /// The receiver: `erp`, `finance`, …
    public var receiver: String
    /// The whole body, an envelope with its data.
    public var body: Data

    /// Puts it together.
    public init(receiver: String, body: Data) {
        self.receiver = receiver
        self.body = body
    }
}

/// An event, read.
struct HeardEvent: Decodable {
    struct Payload: Decodable {
        var orderNumber: String?
        var version: Int64?
        var payment: Payment?
        var refund: Refund?
        var parcel: Parcel?
        var fulfilmentId: String?
        var requestId: String?
        var lines: [Line]?
    }

    struct Line: Decodable {
        var line: Int64?
        var quantity: Int64?
    }

    struct Payment: Decodable {
        var gateway: String
        var transactionId: String
        var kind: String
        var reference: String?
        var amountMinor: Int64
        var cumulative: Bool?
    }

    struct Refund: Decodable {
        var requestId: String
        var amountMinor: Int64
    }

    struct Parcel: Decodable {
        var warehouse: String
        var shipment: String
    }

    var id: String
    var type: String
    var subject: String?
    var sequence: String?
    var epoch: Int64
    var causationid: String?
    var data: Payload

    /// Its number within epoch, subject and receiver; an alert has none.
    var number: Int64? { sequence.flatMap { Int64($0) } }
}
