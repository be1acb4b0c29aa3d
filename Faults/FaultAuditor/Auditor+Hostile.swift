internal import Crypto
internal import FoundationEssentials
internal import Postgres

extension Auditor {
    /// Hostile input is kept: as it came, or in the inbox, where something else came under its identity; what is dead is
    /// explained.
    func checkHostile(_ verdict: inout Verdict) throws {
        guard !said.hostile.isEmpty else { return }
        verdict.messages += said.hostile.count
        var kept: Set<String> = []
        let bodies = try rows(
            """
            SELECT body_length, md5(substring(body FROM 1 FOR \(Self.keptBytes))) FROM dead_messages
            UNION SELECT octet_length(body), md5(substring(body FROM 1 FOR \(Self.keptBytes))) FROM message_log
            WHERE body IS NOT NULL
            """)
        for row in bodies { kept.insert("\(try row.int64(0)) \(try row.text(1))") }
        var known: Set<Said.Identity> = []
        for row in try rows("SELECT DISTINCT source, id FROM inbox") {
            known.insert(Said.Identity(source: try row.text(0), id: try row.text(1)))
        }
        let contradicting = try rows("SELECT DISTINCT source, message_id FROM conflicts WHERE kind = 'message'").map {
            (source: Data(try $0.text(0).utf8), id: Data(try $0.text(1).utf8))
        }
        for (body, identity) in said.hostile where !kept.contains(Self.name(of: body)) {
            if let identity, known.contains(identity) { continue }
            // Broken where the worker need not read on: it knows who speaks, and who has spoken before.
            if contradicting.contains(where: { body.range(of: $0.source) != nil && body.range(of: $0.id) != nil }) {
                continue
            }
            let start = String(decoding: body.prefix(80), as: UTF8.self)
            verdict.find(.lost, "hostile input of \(body.count) bytes is nowhere: \(start)")
        }
        let unexplained = try rows("SELECT count(*) FROM dead_messages WHERE reason = '' OR fingerprint = ''").only()
            .int64(0)
        if unexplained > 0 { verdict.find(.unexpected, "\(unexplained) dead messages have no reason") }
    }

    /// Of a body that is too large to be read the worker keeps so much.
    private static let keptBytes = 65_536

    private static func name(of body: Data) -> String {
        let digest = Insecure.MD5.hash(data: body.prefix(keptBytes))
        return "\(body.count) " + digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
