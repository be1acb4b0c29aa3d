import AMQP
import Testing

@Suite("Broker URIs")
struct AMQPURLTests {
    @Test(
        "are read into their parts",
        arguments: [
            ("amqp://u:p@h", "h", 5672, "u", "p", "/"),
            ("amqps://u:p@h", "h", 5671, "u", "p", "/"),
            ("AMQP://u:p@h:1234/%2F", "h", 1234, "u", "p", "/"),
            ("amqp://h/orders", "h", 5672, "guest", "guest", "orders"),
            (
                "amqp://us%40er:p%3Aw%2F%25@broker.example:5673/a%2Fb%20c", "broker.example", 5673, "us@er", "p:w/%",
                "a/b c"
            ),
            ("amqp://u:p:q@h", "h", 5672, "u", "p:q", "/"),
            ("amqp://u:@h", "h", 5672, "u", "", "/"),
            ("amqp://u:p@[::1]:99/v", "::1", 99, "u", "p", "v"),
            ("amqp://u:p@[fe80::1]", "fe80::1", 5672, "u", "p", "/"),
            ("amqp://%E8%AE%A2:p@h/%E5%8D%95", "h", 5672, "订", "p", "单"),
        ])
    func reads(text: String, host: String, port: Int, user: String, password: String, vhost: String) throws {
        let url = try AMQPURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.user == user)
        #expect(url.password == password)
        #expect(url.vhost == vhost)
        #expect(url.usesTLS == text.lowercased().hasPrefix("amqps"))
    }

    @Test("carry settings in their query")
    func readsQuery() throws {
        let url = try AMQPURL("amqps://u:p@h/v?heartbeat=15&cacertfile=%2Fetc%2Fca.pem&verify=verify_none")
        #expect(url.heartbeatSeconds == 15)
        #expect(url.certificateAuthorityFile == "/etc/ca.pem")
        #expect(!url.verifiesPeer)
        let plain = try AMQPURL("amqps://u:p@h/v?")
        #expect(plain.heartbeatSeconds == nil)
        #expect(plain.certificateAuthorityFile == nil)
        #expect(plain.verifiesPeer)
    }

    @Test(
        "that are wrong say what to mend, and never the password",
        arguments: [
            ("", "amqp://"),
            ("localhost:5672", "amqp://"),
            ("http://u:secret@h", "must be amqp or amqps"),
            ("amqp://", "names no host"),
            ("amqp://u:secret@", "names no host"),
            ("amqp://u:secret@:5672", "names no host"),
            ("amqp://user@h", "no password"),
            ("amqp://u:sec@ret@h", "%40"),
            ("amqp://u:secret@h:0", "1 to 65535"),
            ("amqp://u:secret@h:65536", "1 to 65535"),
            ("amqp://u:secret@h:x", "1 to 65535"),
            ("amqp://u:secret@[::1", "ends with ']'"),
            ("amqp://u:secret@[::1]x", "only ':port'"),
            ("amqp://u:secret@h/", "%2F"),
            ("amqp://u:secret@h/a/b", "%2F"),
            ("amqp://u:secret%2@h", "%25"),
            ("amqp://u:secret%FF@h", "UTF-8"),
            ("amqp://u:secret%00@h", "NUL"),
            ("amqp://u:sec#ret@h", "%23"),
            ("amqp://u:secret@h/v?heartbeat=ten", "seconds"),
            ("amqp://u:secret@h/v?heartbeat=-1", "seconds"),
            ("amqp://u:secret@h/v?verify=no", "verify_peer or verify_none"),
            ("amqp://u:secret@h/v?hartbeat=10", "'hartbeat'"),
            ("amqp://u:secret@h/v?cacertfile=", "name a file"),
        ])
    func refuses(text: String, hint: String) throws {
        let error = try #require(failure { _ = try AMQPURL(text) })
        #expect(error.code == .invalidURL)
        #expect(error.message.contains(hint), "\(error.message)")
        #expect(!error.message.contains("secret"), "\(error.message)")
    }

    @Test("print without their password")
    func hidesPassword() throws {
        let url = try AMQPURL("amqps://user:secret@host:5671/a%2Fb?cacertfile=ca.pem")
        #expect("\(url)" == "amqps://user@host:5671/a%2Fb")
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect(!String(reflecting: url).contains("secret"))
    }
}
