/// A message made of rows, ready to be published.
public struct ImportMessage: Hashable, Sendable {
    /// A row of a file.
    public struct Row: Hashable, Sendable {
        /// The file's place among `ImportRun.files`.
        public var file: Int
        /// The line that the row begins in, from 1.
        public var line: Int
    }

    /// The mapping's name of the message.
    public var name: String
    /// The stage it belongs to.
    public var stage: String
    /// Where it goes at the exchange `orderflow.in`.
    public var routingKey: String
    /// CloudEvents `type`.
    public var type: String
    /// CloudEvents `source`.
    public var source: String
    /// CloudEvents `id`: the same in each import of the same rows.
    public var id: String
    /// The whole envelope, content type `application/cloudevents+json`.
    public var body: [UInt8]
    /// The rows it stands for: one, a group of them, or none where it is sent once.
    public var subjects: [Row]
    /// The other rows that it took something from.
    public var sources: [Row]

    /// What its body is.
    public static let contentType = "application/cloudevents+json"
}
