import OrderCore
import Testing

@testable import OrderRules

@Suite("Tables, warehouses and carriers in rule files")
struct PlaceTests {
    private let rule = """
        rules:
          - {name: r, phase: source, then: {source: {costs: freight, steps: [{warehouses: [east, north]}]}}}
        """

    /// Warehouses that a database knows: `north` ships to Beijing alone, `old` is closed.
    private var known: KnownCodes {
        var north = Warehouse(code: "north")
        north.areas = ["北京市"]
        let old = Warehouse(code: "old", isActive: false)
        return KnownCodes(places: [Warehouse(code: "east"), north, old], sellers: ["shop"])
    }

    private func has(_ found: [String], _ severity: String, _ text: String) -> Bool {
        found.contains { $0.contains(": \(severity): ") && $0.contains(text) }
    }

    @Test("a cost table is a sheet: a line an area, a column a warehouse, in weight steps; `-` is where nothing goes")
    func sheet() throws {
        let text = """
            # 2026-11
            area,upTo,east,north
            *,1000,600,900
            *,,1200,1800
            西藏自治区,,2500,-

            """
        let reading = read(
            "tables: {freight: {title: 运费, file: freight.csv}}\n" + rule, beside: ["freight.csv": text])
        #expect(reading.findings == [])
        let table = try #require(reading.set?.tables["freight"])
        var receiver = Receiver()
        receiver.province = "浙江省"
        #expect(table.title == "运费")
        #expect(table.value(from: "east", to: receiver, weight: 1_000) == 600)
        #expect(table.value(from: "north", to: receiver, weight: 1_001) == 1_800)
        receiver.province = "西藏自治区"
        #expect(table.value(from: "east", to: receiver, weight: 1) == 2_500)
        #expect(table.value(from: "north", to: receiver, weight: 1) == nil)
    }

    @Test("ten thousand lines are read; each is found by its hash")
    func large() throws {
        let lines = (0..<10_000).map { "area \($0),\($0),\($0 + 1)" }
        let reading = read(
            "tables: {freight: {file: f.csv}}\n" + rule,
            beside: ["f.csv": "area,east,north\n*,1,1\n" + lines.joined(separator: "\n")])
        #expect(reading.findings == [])
        var receiver = Receiver()
        receiver.city = "area 9999"
        #expect(reading.set?.tables["freight"]?.value(from: "north", to: receiver, weight: 5) == 10_000)
    }

    @Test(
        "a mistake in a sheet is told with its line and cell",
        arguments: [
            ("area,east,north\n上海市,600,", "2:3", "a gap: nothing is said of the way from `north` to `上海市`"),
            ("area,east,north\n*,1,1\n上海市,600,6.5", "3:3", "expected minor units or a distance"),
            ("area,east,north\n*,1,1\n*,1,2", "3:2", "the way from `east` to `*` is there already"),
            ("area,east,north\n*,1,1,1", "2:4", "more values than the first line has columns"),
            ("place,east,north\n*,1,1", "1:1", "expected a first line `area,"),
            ("area,upTo,east,north\n*,1kg,1,1", "2:2", "expected grams"),
        ])
    func mistakes(text: String, place: String, expected: String) {
        let found = findings("tables: {freight: {file: freight.csv}}\n" + rule, beside: ["freight.csv": text])
        let isFound = found.contains {
            $0.hasPrefix("freight.csv:\(place): error: tables.freight.file: \(expected)")
        }
        #expect(isFound, "\(found)")
    }

    @Test("a gap in a table is an error: a cell that says nothing, a warehouse that is asked and has no column")
    func gaps() {
        let cell = findings("tables: {freight: {rows: {上海市: {east: 5, north: 6}, 北京市: {east: 5}}}}\n" + rule)
        #expect(has(cell, "error", "from `north` to `北京市`"), "\(cell)")
        let column = findings("tables: {freight: {rows: {\"*\": {east: 5}}}}\n" + rule)
        #expect(has(column, "error", "says nothing of `north`"), "\(column)")
        let rest = findings("tables: {freight: {rows: {上海市: {east: 5, north: 6}}}}\n" + rule)
        #expect(has(rest, "warning", "has no row `*` for `east`"), "\(rest)")
    }

    @Test("a table and a list that are not there, and a table that nobody uses")
    func names() {
        let found = findings(
            """
            tables: {fright: {rows: {"*": {east: 5, north: 6}}}}
            carriers: {yto: {notTo: {inList: far}}}

            """ + rule)
        #expect(has(found, "error", "unknown table `freight`; did you mean `fright`?"), "\(found)")
        #expect(has(found, "warning", "no rule uses the table `fright`"), "\(found)")
        #expect(has(found, "error", "unknown list `far`"), "\(found)")
    }

    @Test("a warehouse that nobody knows, one that is closed, a channel that nobody knows")
    func unknown() {
        let found = findings(
            """
            warehouses: {esat: {capacity: 5}}
            tables: {t: {rows: {"*": {nroth: 5}}}}
            rules:
              - name: r
                phase: source
                channels: shpo
                then: {source: {distances: t, steps: [{warehouses: [old]}, {warehouses: [nroth]}]}}
            """, known: known)
        #expect(has(found, "error", "unknown warehouse `esat`; did you mean `east`?"), "\(found)")
        #expect(found.count { $0.contains("error") && $0.contains("unknown warehouse `nroth`") } == 2, "\(found)")
        #expect(has(found, "warning", "`old` is not active"), "\(found)")
        #expect(has(found, "warning", "did you mean `shop`?"), "\(found)")
    }

    @Test("an area that no warehouse covers is told where it can be known")
    func uncovered() {
        func found(_ steps: String) -> [String] {
            findings(
                """
                lists: {far: [西藏自治区, 北京市]}
                rules:
                  - name: r
                    phase: source
                    when: {receiver.province: {inList: far}}
                    then: {source: {steps: [\(steps)]}}
                """, known: known)
        }
        let north = found("{warehouses: [north]}")
        #expect(has(north, "warning", "`西藏自治区`: no warehouse that this rule asks ships there"), "\(north)")
        #expect(north.count == 1)
        #expect(found("{warehouses: [north]}, {}") == [])
    }

    @Test("a carrier that is not among those told of, and one without a route")
    func carriers() {
        func found(_ areas: String, _ carrier: String) -> [String] {
            findings(
                """
                carriers: {sf: {}, yto: {title: 圆通, notTo: [西藏自治区]}}
                rules: [{name: r, phase: carrier, when: {receiver.province: \(areas)}, then: {carrier: \(carrier)}}]
                """)
        }
        #expect(found("[浙江省]", "yto") == [])
        #expect(has(found("[浙江省]", "ytoo"), "error", "unknown carrier `ytoo`; did you mean `yto`?"))
        #expect(has(found("[西藏自治区]", "yto"), "error", "no route to any area that this rule names"))
        #expect(has(found("[浙江省, 西藏自治区]", "yto"), "warning", "`西藏自治区`: the carrier `yto`"))
    }

    @Test("what operations say of warehouses, and what a rule says of silent ones")
    func warehouses() throws {
        let reading = read(
            """
            zone: "+08:00"
            warehouses:
              north: {title: 北仓, capacity: 800, cutOff: "16:00"}
              wh-li: {supplier: li}
            rules:
              - name: r
                phase: source
                then: {source: {steps: [{warehouses: [north], today: true}, {}], again: {most: 2, unanswered: 3}}}
            """)
        #expect(reading.findings == [])
        let set = try #require(reading.set)
        #expect(set.warehouses["north"]?.capacity == 800)
        #expect(set.warehouses["north"]?.cutOff == 960)
        #expect(set.warehouses["wh-li"]?.supplier == "li")
        guard case .source(let action)? = set.rules.first?.actions.first else {
            Issue.record("no sourcing")
            return
        }
        #expect(action.mostAgain == 2 && action.unanswered == 3)
        #expect(action.steps.map(\.isToday) == [true, false])
    }

    @Test("a supplier's warehouse is named by no step; `today` means nothing without a cut-off")
    func misused() {
        let found = findings(
            """
            warehouses: {wh-li: {supplier: li}}
            rules: [{name: r, phase: source, then: {source: {steps: [{warehouses: [wh-li], today: true}]}}}]
            """)
        #expect(has(found, "error", "`wh-li` is the supplier li's"), "\(found)")
        #expect(has(found, "warning", "no warehouse has a `cutOff`"), "\(found)")
    }

    @Test("an event that is sent elsewhere and back again is a contradiction")
    func circle() {
        let found = findings(
            """
            rules:
              - {name: a, phase: output, when: {event: order.completed}, then: {redirect: {crm: bi}}}
              - {name: b, phase: output, when: {event: order.completed}, then: {redirect: {bi: crm}}}
            """)
        #expect(has(found, "warning", "contradicts `a`"), "\(found)")
    }
}
