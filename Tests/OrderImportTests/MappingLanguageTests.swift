import OrderImport
import Testing

@Suite("The mapping language")
struct MappingLanguageTests {
    private static let orders = """
        id,day,state,tip,currency
        A1,2024-03-05 10:00:00,paid,1.50,EUR
        A2,2024-03-04 09:00:00,open,,EUR
        A3,2024-03-06 08:00:00,gone,2.00,JPY

        """
    private static let lines = """
        order,no,sku,qty,price,shop
        A1,2,b,1,2.50,south
        A1,1,a,3,1.25,north
        A1,3,c,2,4.00,south
        A3,1,a,1,9.00,north

        """

    /// The data of the messages that a `data` gives for each order.
    private func data(_ data: String, more: String = "", derived: String = "") throws -> [String] {
        let example = ImportExample(
            """
            name: test
            zone: Europe/Berlin
            timeFormat: yyyy-MM-dd HH:mm:ss
            currency: EUR
            inputs:
              orders:
                file: orders.csv
                columns: [id, day, state, tip, currency]
                key: id
                many: {lines: {from: lines, on: {order: id}, sort: {$integer: "{no}"}}}
            \(derived)
              lines:
                file: lines.csv
                columns: [order, no, sku, qty, price, shop]
                one: {head: {from: orders, on: {id: order}}}
            stages:
              - name: all
                messages:
                  - name: m
                    for: orders
                    to: order.internal
                    type: order.placed.v1
                    id: "\(more.contains("by:") ? "{orders.id}/{shop}" : "{id}")"
                    data: {v: \(data)}
            \(more)
            """)
        let result = try example.run(["orders.csv": Self.orders, "lines.csv": Self.lines])
        #expect(result.refusals.isEmpty)
        return result.data.map { String($0.dropFirst(5).dropLast()) }
    }

    @Test(
        "makes values of columns and constants",
        arguments: [
            ("3", "3"), ("true", "true"), ("\"3\"", "\"3\""), ("plain text", "\"plain text\""), ("[1, x]", "[1,\"x\"]"),
            ("\"{id}\"", "\"A1\""), ("\"no {id}, {state}\"", "\"no A1, paid\""), ("\"{{{id}}}\"", "\"{A1}\""),
            ("{$minor: \"{tip}\"}", "150"), ("{$upper: \"{id}{state}\"}", "\"A1PAID\""),
            ("{$lower: \"{id}\"}", "\"a1\""), ("{$trim: \"  {id} \"}", "\"A1\""),
            ("{$replace: \"{day}\", what: \"-\", by: /}", "\"2024/03/05 10:00:00\""),
            ("{$replace: \"{id}\", what: A}", "\"1\""), ("{$time: \"{day}\"}", "\"2024-03-05T10:00:00+01:00\""),
            ("{$time: \"{day}\", zone: Asia/Tokyo}", "\"2024-03-05T10:00:00+09:00\""),
            ("{$time: 05.03.2024, format: dd.MM.yyyy}", "\"2024-03-05T00:00:00+01:00\""),
            ("{$lookup: \"{state}\", in: {paid: yes!, open: no!, gone: 1}}", "\"yes!\""),
            ("{$lookup: \"{state}\", in: {open: 1}, else: 2}", "2"), ("{$first: [null, \"{id}\"]}", "\"A1\""),
            ("{$if: {value: \"{state}\", is: paid}, then: 1, else: 2}", "1"), ("{$add: [1, 2, 3]}", "6"),
            ("{$subtract: [1, 2]}", "-1"), ("{$multiply: [3, {$first: [{$minor: \"{tip}\"}, 0]}]}", "450"),
            ("{$divide: [6, 3]}", "2"),
            ("{$min: [3, 1, 2]}", "1"), ("{$max: [3, null, 4]}", "4"),
            ("{$count: lines}", "3"), ("{$sum: {$minor: \"{price}\"}, over: lines}", "775"),
            ("{$sum: {$multiply: [{$integer: \"{qty}\"}, {$minor: \"{price}\"}]}, over: lines}", "1425"),
            ("{$count: lines, where: {value: \"{shop}\", is: south}}", "2"),
            ("{$first: \"{sku}\", over: lines}", "\"a\""), ("{$max: {$integer: \"{qty}\"}, over: lines}", "3"),
            ("{$min: \"{sku}\", over: lines, where: {value: \"{shop}\", is: south}}", "\"b\""),
            ("{$each: lines, as: \"{#}{sku}{orders.id}\"}", "[\"1aA1\",\"2bA1\",\"3cA1\"]"),
            ("{$each: lines, as: {of: \"{head.state}\"}, where: {value: \"{no}\", is: 1}}", "[{\"of\":\"paid\"}]"),
            ("{a: null, b: 1}", "{\"b\":1}"), ("\"{tip}\"", "\"1.50\""),
        ])
    func values(expression: String, expected: String) throws {
        #expect(try data(expression).first == expected)
    }

    @Test("leaves out what has no value")
    func absent() throws {
        #expect(
            try data("{a: \"{tip}\", b: \"x{tip}\", c: {$minor: \"{tip}\"}, d: {$first: [\"{tip}\", none]}}")[1]
                == "{\"d\":\"none\"}")
    }

    @Test("adds nothing up to 0")
    func emptySum() throws {
        #expect(try data("{$sum: {$minor: \"{price}\"}, over: lines}") == ["775", "0", "900"])
    }

    @Test("takes the currency of a column, with its digits")
    func currencies() throws {
        #expect(try data("{a: {$minor: \"{tip}\", currency: \"{currency}\"}}") == [#"{"a":150}"#, "{}", #"{"a":2}"#])
    }

    @Test(
        "chooses rows by conditions",
        arguments: [
            ("{value: \"{state}\", is: paid}", ["A1"]), ("{value: \"{state}\", in: [open, gone]}", ["A2", "A3"]),
            ("{value: \"{tip}\", exists: true}", ["A1", "A3"]), ("{value: \"{tip}\", exists: false}", ["A2"]),
            ("{not: {value: \"{state}\", is: paid}}", ["A2", "A3"]),
            ("{any: [{value: \"{id}\", is: A1}, {value: \"{id}\", is: A3}]}", ["A1", "A3"]),
            ("{all: [{value: \"{tip}\", exists: true}, {value: \"{state}\", is: gone}]}", ["A3"]),
            ("[{value: \"{tip}\", exists: true}, {value: \"{state}\", is: gone}]", ["A3"]),
            ("{value: {$minor: \"{tip}\"}, greater: 150}", ["A3"]),
            ("{value: {$minor: \"{tip}\"}, atLeast: 150}", ["A1", "A3"]),
            ("{value: {$minor: \"{tip}\"}, less: 200}", ["A1"]),
            ("{value: {$minor: \"{tip}\"}, atMost: 200, greater: 150}", ["A3"]),
            ("{value: {$time: \"{day}\"}, less: {$time: 2024-03-05 00:00:00}}", ["A2"]),
            ("{value: {$count: lines}, is: 0}", ["A2"]),
        ] as [(String, [String])])
    func conditions(condition: String, ids: [String]) throws {
        #expect(try data("\"{id}\"", more: "        when: \(condition)") == ids.map { "\"\($0)\"" })
    }

    @Test("makes derived columns of columns, joined rows and derived columns above")
    func derived() throws {
        let values = try data(
            "\"{twice}\"",
            derived: """
                    let:
                      sum: {$sum: {$integer: "{qty}"}, over: lines}
                      twice: {$multiply: ["{sum}", 2]}
                """)
        #expect(values == ["12", "0", "2"])
    }

    @Test("sends a message for each value of the joined rows")
    func groups() throws {
        let values = try data(
            "{shop: \"{shop}\", no: \"{orders.id}\", lines: {$each: group, as: {$integer: \"{no}\"}}}",
            more: """
                        each: lines
                        by: "{shop}"
                """)
        #expect(
            values == [
                #"{"shop":"north","no":"A1","lines":[1]}"#, #"{"shop":"south","no":"A1","lines":[2,3]}"#,
                #"{"shop":"north","no":"A3","lines":[1]}"#,
            ])
    }
}
