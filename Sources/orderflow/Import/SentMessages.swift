internal import FoundationEssentials
internal import OrderImport

/// The messages of an import, made again, as far as the report needs them.
struct SentMessages {
    /// A message's identity.
    struct Key: Hashable {
        var source: String
        var id: String
    }

    /// What a message says.
    struct Entry {
        var key: Key
        var name: String
        /// Without its version.
        var type: String
        var orderNumber: String?
        /// Amounts by the name of the mapping's total that they belong to.
        var amounts: [String: Int64] = [:]
        var subjects: [ImportMessage.Row]
        var sources: [ImportMessage.Row]
    }

    private(set) var entries: [Entry] = []

    init(_ importing: inout ImportRun) throws {
        while let message = importing.next() {
            var entry = Entry(
                key: Key(source: message.source, id: message.id), name: message.name,
                type: message.type.split(separator: ".").dropLast().joined(separator: "."),
                subjects: message.subjects,
                sources: message.sources)
            if case .object(let envelope) = try JSONDecoder().decode(
                JSONValue.self, from: Data(message.body)),
                case .object(let data) = envelope["data"]
            {
                entry.orderNumber = data["orderNumber"]?.string
                entry.amounts = Self.amounts(entry.type, data)
            }
            entries.append(entry)
        }
    }

    /// Numbers of the orders that are named.
    var orderNumbers: [String] { Set(entries.compactMap(\.orderNumber)).sorted() }

    private static func amounts(_ type: String, _ data: [String: JSONValue]) -> [String: Int64] {
        var amounts: [String: Int64] = [:]
        if type == "order.placed", case .object(let claimed) = data["amounts"] {
            for name in [SumAccount.goods, SumAccount.shipping] {
                if case .integer(let amount) = claimed[name] { amounts[name] = amount }
            }
        } else if ["payment.captured", "payment.authorized"].contains(type),
            case .integer(let amount) = data["amountMinor"]
        {
            amounts[SumAccount.payments] = amount
        }
        return amounts
    }
}
