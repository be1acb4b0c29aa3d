public import OrderCore

/// Reads what arrives: the one door from the wire into the domain.
public struct MessageDecoder: Sendable {
    /// Largest body that is read, bytes.
    public static let largestBody = 1_048_576

    /// Makes a decoder.
    public init() {}

    /// Reads a message of any type that the queue may bring.
    ///
    /// An `order.placed` whose envelope and order number can be read is always a message: what else is wrong with it
    /// stands in its `defects`.
    public func decode(_ raw: RawMessage, receivedAt: Timestamp, sender: Sender) -> Decoded {
        var reading = Reading(raw, receivedAt: receivedAt)
        do throws(DecodeFault) {
            let (identity, parts) = try reading.parts()
            let messages = parts.enumerated().map { index, part in
                Message(
                    identity: MessageIdentity(source: identity.source, id: identity.id, part: Int64(index)),
                    receivedAt: receivedAt, contentHash: part.contentHash, payload: part.payload,
                    businessKey: part.businessKey ?? part.payload.identityKey(identity), sender: sender)
            }
            return Decoded(type: reading.envelope.type, context: reading.envelope.context, result: .success(messages))
        } catch {
            let failure = DecodeFailure(
                code: error.code, path: error.path, text: error.text, identity: reading.envelope.identity,
                type: reading.envelope.type, orderNumber: reading.orderNumber,
                bodyHash: ContentHash(sha256Of: raw.body))
            return Decoded(
                type: reading.envelope.type, context: reading.envelope.context, result: .failure(failure))
        }
    }
}

/// One part of a message, decoded.
struct DecodedPart {
    var payload: Payload
    var businessKey: String?
    var contentHash: ContentHash
}

/// A message while it is read; what is known of it stays known when reading fails.
private struct Reading {
    let raw: RawMessage
    let receivedAt: Timestamp
    var envelope: Envelope
    var json: JSONDocument?

    init(_ raw: RawMessage, receivedAt: Timestamp) {
        self.raw = raw
        self.receivedAt = receivedAt
        envelope = Envelope(propertiesOf: raw)
    }

    /// The order that the data names, whatever is wrong with the rest.
    var orderNumber: String? {
        guard let json, json.tokens[json.root].kind == .object,
            let number = try? json.text("orderNumber", in: json.root, .identifier), OrderNumber.isValid(number)
        else { return nil }
        return number
    }

    mutating func parts() throws(DecodeFault) -> (identity: MessageIdentity, parts: [DecodedPart]) {
        let isStructured = try Envelope.isStructured(raw)
        if raw.body.count > MessageDecoder.largestBody {
            throw DecodeFault(
                .tooLarge, "the body has \(raw.body.count) bytes, more than \(MessageDecoder.largestBody)")
        }
        var json = try document()
        if isStructured { try openEnvelope(&json) }
        self.json = json
        let (identity, type) = try envelope.required()
        let inbound = try InboundType.find(type, queue: raw.queue)
        guard json.tokens[json.root].kind == .object else {
            let found = json.description(of: json.root, isPersonal: true)
            throw DecodeFault(.malformed, "expected the data to be an object, got \(found)")
        }
        let reader = PayloadReader(
            json: json, type: type, queue: raw.queue, sentAt: envelope.context.time, receivedAt: receivedAt)
        do throws(FieldProblem) {
            return (identity, try reader.parts(inbound))
        } catch {
            throw DecodeFault(error)
        }
    }

    private func document() throws(DecodeFault) -> JSONDocument {
        do throws(JSONSyntaxError) {
            return try JSONDocument(raw.body)
        } catch {
            switch error.code {
            case .notJSON: throw DecodeFault(.notJSON, error.text)
            case .notUTF8: throw DecodeFault(.notUTF8, error.text)
            case .tooDeep: throw DecodeFault(.tooDeep, error.text)
            }
        }
    }

    private mutating func openEnvelope(_ json: inout JSONDocument) throws(DecodeFault) {
        guard json.tokens[0].kind == .object else {
            throw DecodeFault(.unsupportedEnvelope, "expected an envelope of CloudEvents 1.0")
        }
        envelope = Envelope(structured: json)
        do throws(FieldProblem) {
            let version = try json.requiredText("specversion", in: 0, TextRule(longest: 10))
            guard version == "1.0" else {
                throw json.problem("specversion", in: 0, "expected \"1.0\", got \"\(version)\"")
            }
            guard let data = try json.member("data", in: 0) else {
                throw json.missing("data", in: 0, "the data as JSON")
            }
            json.root = data
        } catch {
            throw DecodeFault(.unsupportedEnvelope, path: error.path, error.text)
        }
    }
}

extension Payload {
    /// A command of staff is known by its message for ever, not only as long as the inbox remembers it.
    fileprivate func identityKey(_ identity: MessageIdentity) -> String? {
        guard case .command = self else { return nil }
        return BusinessKeyText.make("command", [identity.source, identity.id])
    }
}
