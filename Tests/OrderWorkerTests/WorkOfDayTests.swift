import TestSite
import Testing

@Suite("The work of warehouses, as workers promise it")
struct WorkOfDayTests {
    @Test("a warehouse takes the orders of its days, and another the others")
    func capacity() async throws {
        try await Site.use(workers: 2) { site in
            try site.open(warehouses: ["WH1", "WH2"])
            try site.publish(
                """
                warehouses: {WH1: {capacity: 3}}
                rules:
                  - {name: usual, phase: source, then: {source: {steps: [{warehouses: [WH1, WH2]}]}}}
                """)
            try site.wait("the rules count") {
                try site.place("shop/first-\(site.next())")
                try site.flush()
                return try site.count("SELECT count(*) FROM fulfilments WHERE workday IS NOT NULL") > 0
            }
            for index in 1...30 { try site.place("shop/\(index)", id: "o \(index)") }
            try site.wait("all are there") {
                try site.count("SELECT count(*) FROM orders WHERE number NOT LIKE 'shop/first-%'") == 30
            }
            #expect(try site.count("SELECT max(taken) FROM warehouse_days") == 3)
            #expect(try site.count("SELECT count(*) FROM fulfilments WHERE workday IS NOT NULL") == 3)
            #expect(try site.count("SELECT count(*) FROM fulfilments WHERE warehouse = 'WH2'") >= 27)
            try site.audit()
        }
    }
}
