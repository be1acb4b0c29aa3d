import OrderCore
import OrderImport
import OrderMessages
import Testing

@Suite("The real orders")
struct OlistTests {
    @Test("dump")
    func dump() throws {
        let mapping = try Mapping(path: Checkout.path("config/imports/olist.yaml"))
        var run = try ImportRun(mapping, paths: ["/work/shared/data/olist"])
        var counts: [String: Int] = [:]
        var shown: Set<String> = []
        while let message = run.next() {
            counts[message.type, default: 0] += 1
            if shown.insert(message.name).inserted {
                print(message.routingKey, String(decoding: message.body, as: UTF8.self), message.rows.count)
            }
        }
        print(counts, run.plannedCount, run.refusals.prefix(5), run.unusedRows().prefix(5))
    }
}
