internal import FoundationEssentials

/// What has to be known of a line to send it; the data itself is not taken apart.
struct OutgoingEnvelope: Decodable {
    enum Name: String, CodingKey {
        case type, source, id, data, specversion, routingKey, routingkey
    }

    private(set) var names: Set<Name>
    private(set) var texts: [Name: String] = [:]
    let hasData: Bool

    /// What a message may be known by, in bytes.
    private static let longest = 200

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Name.self)
        names = Set(members.allKeys)
        for name in names where name != .data { texts[name] = try? members.decode(String.self, forKey: name) }
        hasData = (try? members.nestedContainer(keyedBy: Name.self, forKey: .data)) != nil
    }

    init(_ line: [UInt8]) throws(OutgoingMessage.Problem) {
        do {
            self = try JSONDecoder().decode(OutgoingEnvelope.self, from: Data(line))
        } catch DecodingError.typeMismatch {
            throw OutgoingMessage.Problem("expected an object, got another JSON value")
        } catch {
            throw OutgoingMessage.Problem("not JSON")
        }
    }

    /// A member that the message can't do without.
    func text(_ name: Name) throws(OutgoingMessage.Problem) -> String {
        guard let text = texts[name] else {
            throw OutgoingMessage.Problem(
                "\(name.rawValue): expected a text, got \(names.contains(name) ? "something else" : "nothing")")
        }
        guard (1...Self.longest).contains(text.utf8.count), !text.utf8.contains(0) else {
            throw OutgoingMessage.Problem("\(name.rawValue): expected a text of 1 to \(Self.longest) bytes")
        }
        return text
    }
}
