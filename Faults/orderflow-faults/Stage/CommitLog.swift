import Foundation

/// What a relay before PostgreSQL learns of commits whose answer is lost, and of the messages that were in them.
struct CommitLog: Sendable {
    /// Messages whose transaction is committed, and the worker was not told.
    private(set) var untold: Set<String> = []
    /// Those of them that a worker has brought again, in another transaction.
    private(set) var broughtAgain: Set<String> = []
    /// Commits with messages whose answer was lost.
    private(set) var lostAnswers = 0
    /// Messages of the transaction that is open, by connection.
    private var open: [Int: Set<String>] = [:]

    /// The client says something: bodies of new messages stand in it as they came, identities of all.
    mutating func hear(_ frame: [UInt8], on connection: Int) {
        guard frame.first == UInt8(ascii: "B") else { return }
        let data = Data(frame)
        let found = Self.identities(in: data)
        if !found.isEmpty { open[connection, default: []].formUnion(found) }
        for id in untold.subtracting(broughtAgain) where data.range(of: Self.element(id)) != nil {
            broughtAgain.insert(id)
        }
    }

    /// The server says something: after a commit, the next transaction begins.
    mutating func answer(_ frames: [[UInt8]], on connection: Int) {
        if frames.contains(where: Self.isCommitted) { open[connection] = nil }
    }

    /// Whether a commit of messages is among what the server says: nobody hears of it then.
    mutating func loseAnswer(among frames: [[UInt8]], on connection: Int) -> Bool {
        guard let messages = open[connection], frames.contains(where: Self.isCommitted) else { return false }
        open[connection] = nil
        untold.formUnion(messages)
        lostAnswers += 1
        return true
    }

    /// `CommandComplete` with the tag COMMIT.
    private static func isCommitted(_ frame: [UInt8]) -> Bool {
        frame.first == UInt8(ascii: "C") && frame.dropFirst(5).elementsEqual("COMMIT\0".utf8)
    }

    /// The ids of messages whose bodies stand in a statement's parameters.
    private static func identities(in data: Data) -> Set<String> {
        var found: Set<String> = []
        let mark = Data(#","id":""#.utf8)
        var rest = data[...]
        while let start = rest.range(of: mark) {
            rest = rest[start.upperBound...]
            let id = rest.prefix { $0 != UInt8(ascii: "\"") }
            found.insert(String(decoding: id, as: UTF8.self).replacingOccurrences(of: #"\/"#, with: "/"))
        }
        return found
    }

    /// A text as an element of a binary array: its length, then its bytes.
    private static func element(_ text: String) -> Data {
        Data(withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian, Array.init) + Array(text.utf8))
    }
}
