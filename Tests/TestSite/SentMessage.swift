package import AMQP
package import Foundation

/// A message on its way to the worker. One whose envelope is not ours to know has neither source nor id.
package struct SentMessage: Sendable {
    package var source: String
    package var id: String
    package var type: String
    package var key: String
    package var body: Data
    package var contentType = "application/cloudevents+json"
    /// The broker user it names.
    package var user: String?
    /// All properties, where those above are not what is sent.
    package var properties: MessageProperties?

    package init(
        source: String, id: String, type: String, key: String, body: Data,
        contentType: String = "application/cloudevents+json", user: String? = nil
    ) {
        self.source = source
        self.id = id
        self.type = type
        self.key = key
        self.body = body
        self.contentType = contentType
        self.user = user
    }
}

extension Sender {
    /// Takes a message of the outside world.
    package func send(_ message: SentMessage) {
        send(
            [UInt8](message.body), to: message.key,
            properties: message.properties
                ?? MessageProperties(contentType: message.contentType, userID: message.user))
    }
}
