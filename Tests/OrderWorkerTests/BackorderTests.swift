import Postgres
import TestSite
import Testing

@Suite("Orders that wait for stock, as workers serve them")
struct BackorderTests {
    private static let rules = """
        rules:
          - {name: in-turn, phase: backorder, then: {backorder: 100}}
        stockShares:
          - {skus: [CUP], channels: {mall: 60%, shop: 40%}}
        """

    @Test("stock that comes in small parts goes to those who wait, in their turn; newcomers do not overtake them")
    func turns() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(skus: ["TEA", "CUP"], stock: 0)
            try site.publish(Self.rules)
            try site.wait("the rules count") {
                try site.place("mall/first-\(site.next())", sku: "CUP", kind: "external", term: "prepaid")
                try site.flush()
                return try site.count("SELECT count(*) FROM orders WHERE backorder_keeps") > 0
            }
            for index in 1...30 {
                try site.place("mall/w-\(100 + index)", quantities: [1 + index % 3], kind: "external", term: "prepaid")
            }
            try site.wait("all wait") {
                try site.count("SELECT count(*) FROM orders WHERE number LIKE 'mall/w-%' AND backorder_keeps") == 30
            }
            for part in 1...10 {
                try site.receive(3, of: "TEA", in: "WH1", document: "part \(part)")
                try site.place("mall/x-\(part)", kind: "external", term: "prepaid")
            }
            // 60 units are wanted by those who waited first, 30 have come.
            try site.wait("what has come is given out") {
                try site.count("SELECT reserved FROM stock WHERE sku = 'TEA'") >= 28
                    && site.count("SELECT count(*) FROM orders WHERE number LIKE 'mall/x-%'") == 10
            }
            try site.waitUntilQuiet()
            let overtaken = """
                SELECT count(*) FROM orders AS early JOIN orders AS late
                    ON (early.backorder_since, early.number) < (late.placed_at, late.number)
                WHERE early.backorder_keeps AND early.number LIKE 'mall/w-%'
                    AND late.status = 'released' AND late.number SIMILAR TO 'mall/(w|x)-%'
                """
            #expect(try site.count(overtaken) == 0)
            try site.audit()
        }
    }

    @Test("workers that sell one SKU for two channels at once sell each its share, and no more")
    func shares() async throws {
        try await Site.use(workers: 2, lanes: 2) { site in
            try site.open(skus: ["CUP"], stock: 0)
            try site.publish(Self.rules)
            try site.wait("the rules count") {
                try site.place("mall/first-\(site.next())", sku: "CUP", kind: "external", term: "prepaid")
                try site.flush()
                return try site.count("SELECT count(*) FROM orders WHERE backorder_keeps") > 0
            }
            try site.receive(50, of: "CUP", in: "WH1", document: "all")
            try site.wait("the stock is there") { try site.count("SELECT on_hand FROM stock") == 50 }
            for index in 1...60 {
                try site.place("shop/\(index)", sku: "CUP", term: "cash_on_delivery")
                try site.place("mall/\(index)", sku: "CUP", kind: "external", term: "prepaid")
            }
            try site.wait("all are decided") {
                try site.count("SELECT count(*) FROM orders WHERE number NOT LIKE 'mall/first%'") == 120
            }
            try site.wait("all is given out") { try site.count("SELECT reserved FROM stock") == 50 }
            let sold = """
                SELECT coalesce(sum(reserved), 0)::bigint FROM fulfilment_lines WHERE order_number LIKE
                """
            #expect(try site.count("\(sold) 'mall/%'") == 30)
            #expect(try site.count("\(sold) 'shop/%'") == 20)
            try site.audit()
        }
    }
}
