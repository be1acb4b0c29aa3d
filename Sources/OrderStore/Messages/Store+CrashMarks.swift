internal import Postgres

/// What may have killed the process runs alone, with a mark that is committed before.
extension Store {
    /// Marks what is about to run alone, and returns how many marks it has now. Cleared with its outcome
    /// (`BatchWrite.clearedMarks`).
    public func markCrash(_ key: String) throws(StoreError) -> Int64 {
        try database { () throws(PostgresError) in
            try connection.run(Self.mark, [.text(key)]).only().int64(0)
        }
    }

    /// The marks of these keys.
    public func crashMarks(of keys: some Sequence<String>) throws(StoreError) -> [String: Int64] {
        try database { () throws(PostgresError) in
            var marks: [String: Int64] = [:]
            for row in try connection.run(Self.readMarks, [.textArray(keys)]) {
                marks[try row.text(0)] = try row.int64(1)
            }
            return marks
        }
    }

    private static let mark = Statement(
        "mark crash",
        """
        INSERT INTO crash_marks AS m (key, count, marked_at) VALUES ($1, 1, now())
        ON CONFLICT (key) DO UPDATE SET count = m.count + 1, marked_at = now() RETURNING count
        """)

    private static let readMarks = Statement(
        "read crash marks", "SELECT key, count FROM crash_marks WHERE key = ANY ($1)")
}
