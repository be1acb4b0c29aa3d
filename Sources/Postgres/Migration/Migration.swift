/// One step of the schema: numbered from 1 without a gap, never changed once it was applied anywhere.
public struct Migration: Hashable, Sendable {
    /// Its place: 1, 2, 3, …
    public let number: Int
    /// What it does, in a few words, for people.
    public let name: String
    /// The SQL. Runs in a transaction, unless its first line is `-- no transaction`: then it is one statement, such as
    /// `CREATE INDEX CONCURRENTLY`, written so that it may run twice.
    public let sql: String

    /// Puts a migration together.
    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Whether it runs in a transaction.
    public var isTransactional: Bool {
        let firstLine = sql.split(whereSeparator: \.isNewline).first ?? ""
        return firstLine.split(separator: " ") != ["--", "no", "transaction"]
    }

    /// 64 bits of FNV-1a over the SQL, in hexadecimal; line endings and empty lines at the end don't count.
    public var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var pendingNewlines = 0
        func add(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        for byte in sql.utf8 where byte != 0x0D {
            if byte == 0x0A {
                pendingNewlines += 1
                continue
            }
            while pendingNewlines > 0 {
                add(0x0A)
                pendingNewlines -= 1
            }
            add(byte)
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
