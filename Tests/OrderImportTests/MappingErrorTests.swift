import OrderImport
import Testing

@Suite("Mistakes in a mapping")
struct MappingErrorTests {
    private static let good = """
        name: test
        zone: Europe/Berlin
        currency: EUR
        inputs:
          orders:
            file: orders.csv
            columns: [id, day, state]
            key: id
            many: {lines: {from: lines, on: {order: id}}}
          lines:
            file: lines.csv
            columns: [order, no, price]
            one: {head: {from: orders, on: {id: order}}}
            let: {cents: {$minor: "{price}"}}
        stages:
          - name: all
            messages:
              - name: m
                for: orders
                to: order.internal
                type: order.placed.v1
                id: "{id}"
                time: {$time: "{day}"}
                data: {number: "{id}"}

        """

    @Test("the mapping without mistakes is taken")
    func noMistake() throws {
        #expect(try Mapping(text: Self.good, file: "test.yaml").name == "test")
    }

    @Test(
        "are told with file, line, key and what was meant",
        arguments: [
            ("name: test\n", "names: test\n", "1: names: no such key here: did you mean \"name\"?"),
            ("name: test\n", "", "1: the key \"name\" is missing: what the mapping is called"),
            (
                "Europe/Berlin", "Europe/Berln",
                "2: zone: the time zone database in /usr/share/zoneinfo has no zone \"Europe/Berln\""
            ),
            ("Europe/Berlin", "../x", "2: zone: expected a time zone as `America/Sao_Paulo`, got \"../x\""),
            ("currency: EUR", "currency: EURO", "3: currency: expected a currency of ISO 4217, got \"EURO\""),
            (
                "currency: EUR\n", "",
                "13: inputs.lines.let.cents: $minor needs a \"currency\", here or at the top of the mapping"
            ),
            (
                "zone: Europe/Berlin\n", "",
                "22: stages[0].messages[0].time: $time needs a \"zone\", here or at the top of the mapping"
            ),
            (
                "file: orders.csv\n    ", "",
                "5: inputs.orders: the key \"file\" is missing: its name, or \"group\" for an input made of another"
            ),
            ("[id, day, state]", "[id, day, id]", "7: inputs.orders.columns[2]: the column \"id\" is given twice"),
            ("key: id", "key: idd", "8: inputs.orders.key: orders has no column \"idd\": did you mean \"id\"?"),
            (
                "from: lines", "from: line",
                "9: inputs.orders.many.lines.from: no input is called \"line\": did you mean \"lines\"?"
            ),
            (
                "{order: id}", "{ordr: id}",
                "9: inputs.orders.many.lines.on.ordr: lines has no column \"ordr\": did you mean \"order\"?"
            ),
            (
                "key: id\n", "\n",
                "13: inputs.lines.one.head: a \"one\" join goes by the key of orders, which is another or not given"
            ),
            (
                "{$minor: \"{price}\"}", "{$minr: \"{price}\"}",
                "14: inputs.lines.let.cents.$minr: no such operation: did you mean \"$minor\"?"
            ),
            (
                "{$minor: \"{price}\"}", "{$minor: \"{prise}\"}",
                "14: inputs.lines.let.cents.$minor: lines has no column \"prise\": did you mean \"price\"?"
            ),
            (
                "{$minor: \"{price}\"}", "{$minor: \"{price}\", curency: EUR}",
                "14: inputs.lines.let.cents.curency: no such key here: did you mean \"currency\"?"
            ),
            ("{cents:", "{no:", "14: inputs.lines.let.no: the name \"no\" is taken or has a dot"),
            (
                "for: orders", "for: order",
                "19: stages[0].messages[0].for: no input is called \"order\": did you mean \"orders\"?"
            ),
            (
                "to: order.internal", "to: payment.callback",
                "20: stages[0].messages[0].to: order.placed.v1 goes to order.external or order.internal, not to \"payment.callback\""
            ),
            (
                "order.placed.v1", "order.place.v1",
                "21: stages[0].messages[0].type: \"order.place.v1\" is no type that can be sent: did you mean \"order.placed.v1\"?"
            ),
            ("id: \"{id}\"", "id: \"{id\"", "22: stages[0].messages[0].id: a { in \"{id\" has no }"),
            (
                "id: \"{id}\"", "id: \"id}\"",
                "22: stages[0].messages[0].id: a } in \"id}\" has no {; a brace itself is written twice"
            ),
            (
                "{number: \"{id}\"}", "{number: \"{price}\"}",
                "24: stages[0].messages[0].data.number: orders has no column \"price\": there are: day, id, state"
            ),
            (
                "{number: \"{id}\"}", "{n: {$count: line}}",
                "24: stages[0].messages[0].data.n.$count: orders has no \"many\" join \"line\": did you mean \"lines\"?"
            ),
            (
                "{number: \"{id}\"}", "{n: {$count: group}}",
                "24: stages[0].messages[0].data.n.$count: there is no group here: only a message with \"by\" has one"
            ),
            (
                "{number: \"{id}\"}", "{n: {$each: lines, as: \"{state}\"}}",
                "24: stages[0].messages[0].data.n.as: lines has no column \"state\": did you mean \"head.state\"?"
            ),
            (
                "{number: \"{id}\"}", "{n: {$time: x, format: YYYY-MM-dd}}",
                "24: stages[0].messages[0].data.n.format: \"YYYY\" is no part of a time: yyyy MM M MMM dd d HH H hh h mm m ss s S a XXX are, and other letters stand between quotes ('T')"
            ),
            (
                "{number: \"{id}\"}", "{n: {$if: {value: \"{id}\"}, then: 1}}",
                "24: stages[0].messages[0].data.n.$if: the condition has a value but no test: is, in, exists, less, atMost, greater, atLeast"
            ),
            (
                "{number: \"{id}\"}", "{n: {$if: {is: 1}, then: 1}}",
                "24: stages[0].messages[0].data.n.$if.is: \"is\" needs a \"value\" beside it"
            ),
            (
                "{number: \"{id}\"}", "{n: {$sum: 1}}",
                "24: stages[0].messages[0].data.n: the key \"over\" is missing: the rows to add up"
            ),
            (
                "for: orders\n", "\n",
                "22: stages[0].messages[0].id: there is no row here: a message without \"for\" is sent once"
            ),
            ("name: all", "name: all\n    order: size", "17: stages[0].order: expected rows or time, got \"size\""),
            (
                "key: id", "key: id\n    accountedBy: n",
                "9: inputs.orders.accountedBy: no message is called \"n\": did you mean \"m\"?"
            ),
            ("name: test\n", "name: test\nname: test\n", nil),
            ("name: test\n", "name: [test\n", nil),
        ] as [(String, String, String?)])
    func mistakes(text: String, instead: String, expected: String?) {
        let mapping = Self.good.replacingFirst(text, by: instead)
        #expect(mapping != Self.good)
        let error = #expect(throws: ImportError.self) { try Mapping(text: mapping, file: "test.yaml") }
        if let expected {
            #expect(error?.description == "test.yaml:\(expected)")
        } else {
            #expect(error?.line != nil, "\(error?.description ?? "")")
        }
    }

    @Test("a file that is not there is told")
    func noFile() {
        let error = #expect(throws: ImportError.self) { try Mapping(path: "nowhere.yaml") }
        #expect(error?.description == "nowhere.yaml: No such file or directory")
    }

    @Test("an empty file is told")
    func emptyFile() {
        let error = #expect(throws: ImportError.self) { try Mapping(text: "", file: "test.yaml") }
        #expect(error?.description == "test.yaml:1: the file is empty")
    }
}

extension String {
    fileprivate func replacingFirst(_ what: String, by replacement: String) -> String {
        var before = ""
        var rest = self[...]
        while let character = rest.first {
            if rest.hasPrefix(what) { return before + replacement + rest.dropFirst(what.count) }
            before.append(character)
            rest.removeFirst()
        }
        return before
    }
}
