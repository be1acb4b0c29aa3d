import Foundation
import TestSite

extension SentMessage {
    /// A structured message, made without sending it.
    init(_ type: String, to key: String, _ data: [String: Any], source: String = "shop", id: String) throws {
        let envelope: [String: Any] = ["specversion": "1.0", "id": id, "source": source, "type": type, "data": data]
        let body = try JSONSerialization.data(withJSONObject: envelope, options: .sortedKeys)
        self.init(source: source, id: id, type: type, key: key, body: body)
    }
}
