#if FAULTS
    internal import Glibc
    internal import Postgres

    extension Migrations {
        /// A program of the next version, as far as the schema goes: the migration in the file that
        /// `ORDERFLOW_TEST_MIGRATION` names.
        static func testMigration(number: Int) -> Migration? {
            guard let path = getenv("ORDERFLOW_TEST_MIGRATION") else { return nil }
            return Migration(number: number, name: "test", sql: contents(of: path) ?? unreadable)
        }

        /// Better a migration that fails than a test that believes it was applied.
        private static let unreadable =
            "DO $$ BEGIN RAISE EXCEPTION 'ORDERFLOW_TEST_MIGRATION names no file that can be read'; END $$"

        private static func contents(of path: UnsafePointer<CChar>) -> String? {
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
