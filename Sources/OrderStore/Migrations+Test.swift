#if FAULTS
    internal import Glibc
    internal import Postgres

    extension Migrations {
        /// A program of a later version, as far as the schema goes: the migrations in the files that
        /// `ORDERFLOW_TEST_MIGRATION` names, with a colon between two.
        static func testMigrations(after last: Int) -> [Migration] {
            guard let paths = getenv("ORDERFLOW_TEST_MIGRATION") else { return [] }
            return String(cString: paths).split(separator: ":").enumerated().map { index, path in
                Migration(number: last + 1 + index, name: "test", sql: contents(of: String(path)) ?? unreadable)
            }
        }

        /// Better a migration that fails than a test that believes it was applied.
        private static let unreadable =
            "DO $$ BEGIN RAISE EXCEPTION 'ORDERFLOW_TEST_MIGRATION names no file that can be read'; END $$"

        private static func contents(of path: String) -> String? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = fread(&chunk, 1, chunk.count, file)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += chunk[..<count]
            }
        }
    }
#endif
