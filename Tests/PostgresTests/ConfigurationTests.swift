import Postgres
import TestServers
import Testing

@Suite("a connection is made as configured")
struct ConfigurationTests {
    @Test("the password is never printed, however it is printed")
    func password() throws {
        var configuration = try PostgresConfiguration(uri: "postgresql://ann:s3cret@db.example:6000/shop")
        #expect(configuration.description == "ann@db.example:6000/shop")
        configuration.password = "0ther"
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("s3cret") && !text.contains("0ther"))
        }
        let malformed = failure { _ = try PostgresConfiguration(uri: "postgresql://ann:s3cret@[::1/shop") }
        #expect(malformed?.code == .configuration)
        #expect(malformed?.description.contains("s3cret") == false)
    }

    @Test("the session has the settings that were asked for")
    func settings() async throws {
        try await TestDatabase.use { database in
            let connection = try database.connect {
                $0.applicationName = "lane 3"
                $0.lockTimeoutMilliseconds = 1_500
                $0.idleSessionTimeoutMilliseconds = 30_000
            }
            let row = try connection.query(
                """
                SELECT current_setting('application_name'), current_setting('lock_timeout'),
                    current_setting('idle_session_timeout'), current_setting('client_encoding'), pg_backend_pid()
                """
            ).only()
            let settings = try (0...3).map { try row.text($0) }
            #expect(settings == ["lane 3", "1500ms", "30s", "UTF8"])
            #expect(try row.int32(4) == connection.backendPID)
        }
    }

    @Test("TLS with the server's certificate checked")
    func verifyFull() async throws {
        try await TestDatabase.use { database in
            let port = try #require(TestServers.postgresURL.split(separator: ":").last?.split(separator: "/").first)
            func connect(host: String, authority: String) throws -> PostgresConnection {
                let uri = "postgresql://orderflow@\(host):\(port)/\(database.name)?sslmode=verify-full"
                return try PostgresConnection(PostgresConfiguration(uri: uri + "&sslrootcert=" + authority))
            }
            let connection = try connect(host: "localhost", authority: TestServers.caFile)
            #expect(try connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").only().bool(0))
            let text = String(repeating: "x", count: 3_000_000)
            #expect(try connection.query("SELECT $1", [.text(text)]).only().text(0) == text)
            expectFailure(.connectFailed) { _ = try connect(host: "localhost", authority: "/nowhere.pem") }
        }
    }

    @Test("a server that refuses says why; one that is not there is tried again")
    func refused() async throws {
        try await TestDatabase.use { database in
            let noDatabase = failure { _ = try database.connect { $0.database = "no_such_database" } }
            #expect(noDatabase?.code == .connectFailed)
            #expect(noDatabase?.sqlState == "3D000")
            #expect(noDatabase?.policy == .pause)
            #expect(noDatabase?.message.contains(#"database "no_such_database" does not exist"#) == true)
            let noServer = failure {
                _ = try PostgresConnection(PostgresConfiguration(uri: "postgresql://127.0.0.1:1/x"))
            }
            #expect(noServer?.code == .connectFailed)
            #expect(noServer?.sqlState == nil)
            #expect(noServer?.policy == .reconnect)
        }
    }
}
