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
        "a mistake in a sheet is told with its line and column",
        arguments: [
            ("area,east,north\n上海市,600,", "2:9", "a gap: nothing is said of the way from `north` to `上海市`"),
            ("area,east,north\n*,1,1\n上海市,600,6.5", "3:9", "expected minor units or a distance"),
            ("area,east,north\n*,1,1\n*,1,2", "3:3", "the way from `east` to `*` is there already"),
            ("area,east,north\n*,1,1,1", "2:7", "more values than the first line has columns"),
            ("place,east,north\n*,1,1", "1:1", "expected a first line `area,"),
            ("area,upTo,east,north\n*,1kg,1,1", "2:3", "expected grams"),
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

    @Test(
        "a weight of which a sheet says nothing is a gap",
        arguments: [
            ("area,upTo,east,north\n*,1000,800,900\n*,,,1000", "3:4", "nothing is said of heavier parcels from `east`"),
            ("area,upTo,east,north\n*,1000,800,900\n*,,5000,-", "", ""),
            ("area,upTo,east,north\n*,1000,800,-", "2:8", "nothing is said of parcels above 1000 g from `east` to `*`"),
            (
                "area,upTo,east,north\n*,,1,1\n台湾省,1000,,5\n台湾省,,9000,9000", "3:10",
                "nothing is said of parcels up to 1000 g from `east` to `台湾省`"
            ),
            ("area,upTo,east,north\n*,,1,1\n台湾省,1000,,5\n台湾省,,,9000", "", ""),
        ])
    func weights(text: String, place: String, said: String) {
        let found = findings("tables: {freight: {file: freight.csv}}\n" + rule, beside: ["freight.csv": text])
        guard !place.isEmpty else {
            #expect(found == [])
            return
        }
        let isFound = found.contains { $0.hasPrefix("freight.csv:\(place): error: ") && $0.contains("a gap: " + said) }
        #expect(isFound, "\(found)")
    }

    @Test("`-` closes a way for its weight alone")
    func closedWeight() throws {
        let text = "area,upTo,east,north\n*,,1,1\n台湾省,1000,-,5\n台湾省,,9000,-"
        let reading = read("tables: {freight: {file: freight.csv}}\n" + rule, beside: ["freight.csv": text])
        #expect(reading.findings == [])
        let table = try #require(reading.set?.tables["freight"])
        var receiver = Receiver()
        receiver.province = "台湾省"
        let values = [(500, "east"), (1_500, "east"), (500, "north"), (1_500, "north")].map { weight, code in
            table.value(from: code, to: receiver, weight: Int64(weight))
        }
        #expect(values == [nil, 9_000, 5, nil])
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
        #expect(has(north, "error", "`西藏自治区`: no warehouse that this rule asks ships there"), "\(north)")
        #expect(north.count == 1)
        #expect(found("{warehouses: [north]}, {}") == [])
    }

    @Test("an area that may have a covered one within it is a warning; one that an earlier rule takes is neither")
    func perhaps() {
        func found(_ condition: String, _ others: String = "") -> [String] {
            findings(
                """
                rules:
                  - name: r
                    phase: source
                    when: {\(condition)}
                    then: {source: {steps: [{warehouses: [north]}]}}
                \(others)
                """, known: known)
        }
        #expect(has(found("receiver.country: CN"), "warning", "`CN`: no warehouse that this rule asks ships there"))
        #expect(found("receiver.country: CN, receiver.province: 北京市") == [])
        #expect(found("receiver.province: {in: [西藏自治区, 北京市], not: 西藏自治区}") == [])
        let earlier = "when: {receiver.province: 西藏自治区}, then: {source: {forbid: north}}"
        let taken = found(
            "receiver.province: [西藏自治区, 北京市]", "  - {name: q, phase: source, priority: 1, \(earlier)}")
        #expect(taken == [])
    }

    @Test("a table closes an area for all that are asked, or for some")
    func closedAreas() {
        func found(_ row: String) -> [String] {
            findings(
                """
                tables: {freight: {rows: {"*": {east: 5, north: 6}, 台湾省: \(row)}}}
                rules:
                  - {name: r, phase: source, when: {receiver.province: 台湾省}, then: {source: {costs: freight}}}
                """)
        }
        #expect(has(found("{east: \"-\", north: \"-\"}"), "error", "`台湾省`: no warehouse"))
        #expect(found("{east: 9, north: \"-\"}") == [])
    }

    @Test("without a database a rule's warehouses are those that the folder tells of")
    func ownWarehouses() {
        func found(_ places: String, _ code: String) -> [String] {
            findings("\(places)\nrules: [{name: r, phase: source, then: {source: {steps: [{warehouses: [\(code)]}]}}}]")
        }
        let places = "warehouses: {north: {}, south: {}, east: {}, wh-li: {supplier: li}}"
        #expect(has(found(places, "nroth"), "warning", "unknown warehouse `nroth`; did you mean `north`?"))
        #expect(found(places, "north") == [])
        #expect(found("warehouses: {wh-li: {supplier: li}}", "nroth") == [])
        #expect(found("", "nroth") == [])
        let table = findings(
            "tables: {freight: {rows: {\"*\": {east: 5, north: 6}}}}\n" + rule.replacing("north", with: "nroth"))
        #expect(has(table, "warning", "did you mean `north`?"), "\(table)")
        // A database that has been told of none yet knows of none.
        let nobody = KnownCodes(places: [], sellers: [])
        #expect(nobody.warehouses == nil && nobody.sellers == nil)
    }

    @Test("codes of channels and partners are looked up wherever a rule or a share names one")
    func sellers() {
        let found = findings(
            """
            stockShares: [{channels: {shpo: 50%}}]
            rules:
              - {name: r, phase: review, when: {channel: [shop, shpp]}, then: {hold: manual}}
              - {name: s, phase: review, when: {partner: {not: sohp}}, then: {hold: manual}}
            """, known: known)
        let places = ["1:27", "3:53", "4:52"].map { "a.yaml:\($0): warning: " }
        #expect(found.map { String($0.prefix(22)) } == places)
        #expect(found.allSatisfy { $0.contains("did you mean `shop`?") }, "\(found)")
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
        #expect(has(found("[西藏自治区]", "yto"), "error", "`西藏自治区`: the carrier `yto` has no route there"))
        #expect(has(found("[浙江省, 西藏自治区]", "yto"), "error", "`西藏自治区`: the carrier `yto`"))
    }

    @Test("where a carrier goes to some areas: another of their kind is an error, one that may hold them a warning")
    func carrierAreas() {
        func found(_ condition: String) -> [String] {
            findings(
                """
                carriers: {local: {to: [浙江省]}, yto: {}}
                rules:
                  - {name: r, phase: carrier, priority: 1, when: {receiver.province: 浙江省}, then: {carrier: local}}
                  - {name: s, phase: carrier, when: {\(condition)}, then: {carrier: local}}
                """)
        }
        #expect(has(found("receiver.province: 广东省"), "error", "`广东省`: the carrier `local` has no route there"))
        #expect(has(found("receiver.country: CN"), "warning", "`CN`: the carrier `local` has no route there"))
        #expect(found("receiver.province: [浙江省, 广东省]").count == 1)
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
