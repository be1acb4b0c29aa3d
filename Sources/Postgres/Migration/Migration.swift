/// One step of the schema: numbered from 1 without a gap, never changed once it was applied anywhere.
public struct Migration: Hashable, Sendable {
    /// Its place: 1, 2, 3, …
    public let number: Int
    /// What it does, in a few words, for people.
    public let name: String
    /// The SQL. The comments that it begins with may say two things, each on a line of its own.
    ///
    /// `-- no transaction`: it is one statement, such as `CREATE INDEX CONCURRENTLY`, written so that it may run twice. Any
    /// other runs in a transaction.
    ///
    /// `-- contract`: it takes away what older programs use. `-- contract, serves 11`: those that know migration 11 use it no
    /// more. Any other expands: it only adds, and programs that don't know it go on.
    public let sql: String

    /// Puts a migration together.
    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Whether it runs in a transaction.
    public var isTransactional: Bool { !remarks.contains(["--", "no", "transaction"]) }

    /// Programs whose last migration is older than this can't go on when it is applied; 1 where it expands.
    public var oldestServed: Int {
        for words in remarks where words.count >= 2 && words[1].hasPrefix("contract") {
            guard words.count == 4, words[1] == "contract,", words[2] == "serves", let oldest = Int(words[3]) else {
                return number
            }
            return min(max(oldest, 1), number)
        }
        return 1
    }

    /// The words of the comments that the SQL begins with.
    private var remarks: [[Substring]] {
        sql.split(whereSeparator: \.isNewline).prefix { $0.hasPrefix("--") }.map { $0.split(separator: " ") }
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
