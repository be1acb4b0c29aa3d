internal import OrderCore

/// Identity, type and context of a message, read from whichever of the three forms it has.
struct Envelope {
    var source: String?
    var id: String?
    var type: String?
    var context = EnvelopeContext()

    /// Source and id, where both are there.
    var identity: MessageIdentity? {
        guard let source, let id else { return nil }
        return MessageIdentity(source: source, id: id)
    }

    /// Whether the body is an envelope with the data inside.
    static func isStructured(_ raw: RawMessage) throws(DecodeFault) -> Bool {
        if raw.contentType == nil || raw.contentType == "application/json" { return false }
        if raw.contentType == "application/cloudevents+json" { return true }
        guard let contentType = raw.contentType?.lowercased(), contentType.hasPrefix("application/cloudevents") else {
            return false
        }
        let mediaType = contentType.prefix { $0 != ";" && $0 != " " }
        guard mediaType == "application/cloudevents+json" else {
            throw DecodeFault(.unsupportedEnvelope, "content type \(mediaType.prefix(60)) is not read here")
        }
        return true
    }

    /// Reads CloudEvents binary mode, and the plain AMQP properties where a header is absent.
    init(propertiesOf raw: RawMessage) {
        func attribute(_ name: String) -> String? {
            raw.headers["cloudEvents_\(name)"] ?? raw.headers["cloudEvents:\(name)"]
        }
        let hasHeaders = !raw.headers.isEmpty
        id = Self.accepted((hasHeaders ? attribute("id") : nil) ?? raw.messageID)
        source = Self.accepted((hasHeaders ? attribute("source") : nil) ?? raw.appID)
        type = Self.accepted((hasHeaders ? attribute("type") : nil) ?? raw.type)
        if let seconds = raw.timestamp {
            let time = Timestamp(microseconds: 0).adding(seconds: seconds)
            if RFC3339.accepted.contains(time) { context.time = time }
        }
        guard hasHeaders else { return }
        context.time = Self.believed(attribute("time")) ?? context.time
        let names = ("correlationid", "traceparent", "tracestate")
        context.correlationID = Self.carried(attribute(names.0) ?? raw.headers[names.0])
        context.traceParent = Self.carried(attribute(names.1) ?? raw.headers[names.1])
        context.traceState = Self.carried(attribute(names.2) ?? raw.headers[names.2])
    }

    /// Reads CloudEvents structured mode, and moves the document's root to the data.
    init(structured json: JSONDocument) {
        func attribute(_ name: StaticString) -> String? {
            guard let node = try? json.member(name, in: 0), json.tokens[node].kind == .string else { return nil }
            return json.string(node)
        }
        id = Self.accepted(attribute("id"))
        source = Self.accepted(attribute("source"))
        type = Self.accepted(attribute("type"))
        context.time = Self.believed(attribute("time"))
        context.correlationID = Self.carried(attribute("correlationid"))
        context.traceParent = Self.carried(attribute("traceparent"))
        context.traceState = Self.carried(attribute("tracestate"))
    }

    /// The type and identity, or what is missing of them.
    func required() throws(DecodeFault) -> (identity: MessageIdentity, type: String) {
        guard let identity, let type else {
            let missing = [("id", id), ("source", source), ("type", type)].filter { $0.1 == nil }.map(\.0)
            throw DecodeFault(
                .missingIdentity,
                "the envelope has no readable \(missing.joined(separator: " and no ")) (a text of 1 to 200 bytes)")
        }
        return (identity, type)
    }

    /// An attribute that a message is known by.
    private static func accepted(_ text: String?) -> String? {
        guard let text, !text.isEmpty, TextRule.identifier.breach(text) == nil, !text.utf8.contains(0) else {
            return nil
        }
        return text
    }

    /// A time within what a message may name; another is left out, since nothing depends on it.
    private static func believed(_ text: String?) -> Timestamp? {
        guard let time = text.flatMap(RFC3339.parse), RFC3339.accepted.contains(time) else { return nil }
        return time
    }

    /// An attribute that is handed on; one that can't be is left out, since nothing depends on it.
    private static func carried(_ text: String?) -> String? {
        guard let text, !text.isEmpty, TextRule(longest: 512).breach(text) == nil else { return nil }
        return text
    }
}
