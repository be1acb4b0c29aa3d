import OrderCore
import Testing

@testable import OrderRules

@Suite("Stock split by channel, in rule files")
struct ShareTests {
    @Test("shares of SKUs, of a list, of every SKU; in percent and in units")
    func shares() throws {
        let reading = read(
            """
            lists: {tea: [TEA-2, TEA-3]}
            stockShares:
              - skus: [TEA-1, {inList: tea}]
                warehouses: east
                channels: {shop: 60%, app: 20}
              - channels: {bazaar: 10%}
            """)
        #expect(reading.findings == [])
        var tea = StockShare(parts: ["shop": .percent(60), "app": .units(20)])
        tea.skus = ["TEA-1", "TEA-2", "TEA-3"]
        tea.warehouses = ["east"]
        #expect(reading.set?.shares == [tea, StockShare(parts: ["bazaar": .percent(10)])])
    }

    @Test(
        "each mistake is told",
        arguments: [
            ("{channels: {shop: 60%, app: 50%}}", "the shares sum to 110%: more than there is"),
            ("{channels: {shop: 160%}}", "expected a share from 0% to 100%, got 160%"),
            ("{channels: {shop: much}}", "expected units, or a share as 60%"),
            ("{channels: {}}", "expected who has how much"), ("{skus: A}", "stock is split by `channels`"),
            ("{skus: {inList: te}, channels: {shop: 1}}", "unknown list `te`"),
            ("{warehouses: [est], channels: {shop: 1}}", "did you mean `east`?"),
            ("{channel: {shop: 1}}", "did you mean `channels`?"),
        ])
    func mistakes(text: String, finding: String) {
        let found = findings("stockShares: [\(text)]", known: KnownCodes(warehouses: ["east"]))
        #expect(found.contains { $0.contains(finding) }, "\(found)")
    }

    @Test("a split behind one that speaks of all its stock never counts, which is warned of")
    func hidden() {
        let found = findings("stockShares: [{channels: {shop: 1}}, {skus: A, channels: {shop: 2}}]")
        #expect(found.contains { $0.contains("never counts") }, "\(found)")
    }
}
