import AMQP
import Foundation
import OrderSimulator
import TestSite

/// Makes what no honest sender would: examples of the documents with random damage, random bytes, and what breaks parsers.
///
/// Whatever it says is about orders, codes and goods of its own, so that it can't be about those of others.
struct HostileInput {
    private let examples: [(name: String, text: [UInt8])]
    private var random: SeededGenerator
    private var count = 0

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        let checkout = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).dropFirst()
        let folder = "/" + checkout.joined(separator: "/") + "/docs/examples/in"
        examples = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { file in
            var text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            for (theirs, own) in [("shop", "hostile"), ("tmall", "hostiles"), ("SH1", "PIT9"), ("TEA-100", "TRAP-9")] {
                text = text.replacing(theirs, with: own)
            }
            return (String(file.dropLast(5)), Array(text.utf8))
        }
    }

    /// The next one.
    mutating func next() -> SentMessage {
        count += 1
        guard let (name, text) = examples.randomElement(using: &random) else {
            return message([], to: "order.internal")
        }
        let order = Int.random(in: 1...50, using: &random)
        var body = text.replacing(Array("/1001".utf8), with: Array("/\(order)".utf8))
        body = Self.renamed(body, id: "h-\(count)")
        // Some of each type come to where they do not belong.
        let key = random.chance(percent: 5) ? Self.keys.randomElement(using: &random) ?? "" : Self.key(of: name)
        switch Int.random(in: 0..<100, using: &random) {
        case ..<5: return message(body, to: key)
        case ..<60:
            for _ in 0..<Int.random(in: 1...6, using: &random) { damage(&body) }
            return message(body, to: key)
        case ..<70:
            return message((0..<Int.random(in: 0...2_000, using: &random)).map { _ in anyByte() }, to: key)
        case ..<80: return nested(to: key)
        default: return unwrapped(body, name, to: key)
        }
    }

    /// One that is larger than what is read.
    mutating func oversize(bytes: Int) -> SentMessage {
        count += 1
        let head = Array("oversize \(count) ".utf8)
        return message(head + Array(repeating: UInt8(ascii: "["), count: bytes - head.count), to: "order.internal")
    }

    private static let keys = [
        "order.internal", "order.external", "payment.callback", "warehouse.callback", "order.command", "staff.command",
        "reference.update",
    ]

    private static func key(of type: String) -> String {
        switch type {
        case "order.placed": "order.internal"
        case "order.command", "message.replay", "message.drop": "staff.command"
        case "order.cancel", "order.received", "order.reviewed", "delivery.resend": "order.command"
        case let type where type.hasSuffix(".updated"): "reference.update"
        case let type where type.hasPrefix("payment."): "payment.callback"
        default: "warehouse.callback"
        }
    }

    private static func renamed(_ body: [UInt8], id: String) -> [UInt8] {
        guard let start = body.firstRange(of: Array(#""id": "m-"#.utf8)),
            let end = body[start.upperBound...].firstIndex(of: UInt8(ascii: "\""))
        else { return body }
        return body[..<start.lowerBound] + Array(#""id": "\#(id)"#.utf8) + body[end...]
    }

    /// What parsers and tables stumble over.
    private static let tokens: [String] = [
        "null", "true", "-1", "0", "1e999", "-0.0", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890", "1.5", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\", "{", "}", "[", "]", ",",
        ":",
        "[[[[[[[[", "{\"a\":{\"a\":", "\u{202E}", "\u{FEFF}", "😀", "'; DROP TABLE orders; --",
        "\"9999-12-31T23:59:60Z\"",
        "\"0000-00-00T00:00:00+99:99\"", "\"order.placed.v1\"", "\"\u{0}\"", "\r\n", "/*", "NaN", "Infinity",
        "\"data\":{},",
    ]

    private mutating func anyByte() -> UInt8 { UInt8.random(in: 0...255, using: &random) }

    private mutating func damage(_ body: inout [UInt8]) {
        guard !body.isEmpty else { return }
        let place = Int.random(in: 0..<body.count, using: &random)
        let length = Int.random(in: 1...min(40, body.count - place), using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: body[place] = anyByte()
        case 2: body.removeSubrange(place..<(place + length))
        case 3: body.insert(contentsOf: body[place..<(place + length)], at: place)
        case 4: body.removeLast(length)
        case 5: body.insert(contentsOf: token(), at: place)
        default: replaceValue(&body, from: place)
        }
    }

    private mutating func token() -> [UInt8] { Array((Self.tokens.randomElement(using: &random) ?? "").utf8) }

    /// Another value in the place of one: the body stays JSON for the most part, and says something that can't be.
    private mutating func replaceValue(_ body: inout [UInt8], from place: Int) {
        guard let colon = body[place...].firstIndex(of: UInt8(ascii: ":")),
            let end = body[(colon + 1)...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") })
        else { return }
        body.replaceSubrange((colon + 1)..<end, with: token())
    }

    private mutating func nested(to key: String) -> SentMessage {
        let usual = [31, 32, 33, 1_000].randomElement(using: &random) ?? 33
        let depth = random.chance(percent: 2) ? 100_000 : usual
        let open = random.chance(percent: 50) ? "[" : #"{"a":"#
        let envelope = #"{"specversion":"1.0","id":"h-\#(count)","source":"hostile","type":"order.placed.v1","data":"#
        return message(Array((envelope + String(repeating: open, count: depth)).utf8), to: key)
    }

    /// The data alone, its envelope in headers or properties of any kind.
    private mutating func unwrapped(_ body: [UInt8], _ name: String, to key: String) -> SentMessage {
        var body = body
        if let start = body.firstRange(of: Array(#""data": "#.utf8)), let end = body.lastIndex(of: UInt8(ascii: "}")) {
            body = Array(body[start.upperBound..<end])
        }
        if random.chance(percent: 50) { damage(&body) }
        var made = message(body, to: key)
        var properties = MessageProperties(contentType: Self.contentTypes.randomElement(using: &random) ?? nil)
        if random.chance(percent: 50) {
            properties.messageID = "h-\(count)"
            properties.appID = "hostile"
            properties.type = "\(name).v1"
            properties.timestamp = UInt64.random(in: 0...UInt64(Int64.max), using: &random)
        } else {
            for (attribute, honest) in [("id", "h-\(count)"), ("source", "hostile"), ("type", "\(name).v1")] {
                let isDamaged = random.chance(percent: 10)
                properties.headers["cloudEvents_\(attribute)"] = isDamaged ? unreadable() : .string(honest)
            }
            for index in 0..<Int.random(in: 0...3, using: &random) { properties.headers["x-\(index)"] = headerValue() }
            properties.headers["cloudEvents_time"] = headerValue()
        }
        made.properties = properties
        return made
    }

    private static let contentTypes: [String?] = [
        "application/json", nil, "application/cloudevents+json", "application/cloudevents-batch+json", "text/plain",
        "APPLICATION/CLOUDEVENTS+JSON; charset=utf-8", "",
    ]

    /// Not a number is not among them: it ends the channel at the broker (3.10), which the worker never hears of.
    private mutating func headerValue() -> AMQPValue {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: .int(.min)
        case 1: .bool(true)
        default: unreadable()
        }
    }

    /// What no identity can be read from.
    private mutating func unreadable() -> AMQPValue {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: .null
        case 1: .double(1e308)
        case 2: .bytes([0xFF, 0xFE, 0x00])
        case 3: .table(["a": .array([.null, .table([:])])])
        case 4: .string(String(repeating: "x", count: 5_000))
        case 5: .string("\u{0}")
        default: .timestamp(.max)
        }
    }

    /// Under the identity that a reader of JSON finds in it.
    private func message(_ body: [UInt8], to key: String) -> SentMessage {
        let data = Data(body)
        let envelope = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        let (source, id) = (envelope?["source"] as? String, envelope?["id"] as? String)
        return SentMessage(source: source ?? "", id: id ?? "", type: "", key: key, body: data)
    }
}
