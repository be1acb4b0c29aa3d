import OrderImport
import Testing

@Suite("An import")
struct ImportRunTests {
    private static let mapping = ImportExample(
        """
        name: test
        zone: UTC
        timeFormat: yyyy-MM-dd HH:mm
        currency: EUR
        inputs:
          orders:
            file: "orders*.csv"
            delimiter: ;
            columns: [id, day, price]
            key: id
            accountedBy: placed
          shops:
            file: shops.csv
            header: false
            columns: [code, title]
        stages:
          - name: reference
            messages:
              - name: channel
                to: reference.update
                type: channel.updated.v1
                id: channel
                data: {code: test}
              - name: shop
                for: shops
                when: {value: "{code}", exists: true}
                to: reference.update
                type: warehouse.updated.v1
                id: "shop/{code}"
                data: {code: "{code}", title: "{title}"}
          - name: history
            order: time
            messages:
              - name: placed
                for: orders
                to: order.internal
                type: order.placed.v1
                id: "placed/{id}"
                time: {$time: "{day}"}
                data: {orderNumber: "test/{id}", price: {$minor: "{price}"}}
              - name: paid
                for: orders
                when: {value: "{id}", is: A1}
                to: payment.callback
                type: payment.captured.v1
                id: "paid/{id}"
                time: {$time: 2024-03-02 00:00}
                data: {orderNumber: "test/{id}"}
        """)

    private static let remainder = "100 can't be divided by 3 without a remainder"

    private static let files = [
        "orders-1.csv": "price;id;other;day\n1,5;A0;;2024-03-01 00:00\n2.50;A1;x;2024-03-03 00:00\n",
        "orders-2.csv":
            "id;day;price\nA2;2024-03-02 00:00;3\nA1;2024-03-09 00:00;9\nA3;2024-03-01 00:00\nA4;yesterday;1\n",
        "shops.csv": "s1,\"North, \"\"old\"\"\nside\"\n,nobody\n",
    ]

    @Test("sends stage after stage, in order of time where that is asked for")
    func order() throws {
        let result = try Self.mapping.run(Self.files)
        #expect(
            result.messages.map { "\($0.stage) \($0.routingKey) \($0.id)" } == [
                "reference reference.update channel", "reference reference.update shop/s1",
                "history order.internal placed/A2", "history payment.callback paid/A1",
                "history order.internal placed/A1",
            ])
    }

    @Test("makes whole envelopes")
    func envelope() throws {
        let result = try Self.mapping.run(Self.files)
        #expect(
            String(decoding: result.messages[2].body, as: UTF8.self)
                == #"{"specversion":"1.0","id":"placed/A2","source":"import/test","type":"order.placed.v1","#
                + #""datacontenttype":"application/json","time":"2024-03-02T00:00:00+00:00","#
                + #""data":{"orderNumber":"test/A2","price":300}}"#)
        #expect(result.data[1] == #"{"code":"s1","title":"North, \"old\"\u000aside"}"#)
    }

    @Test("tells each row that gave no message, with file, line and reason, and sends the others")
    func refusals() throws {
        let result = try Self.mapping.run(Self.files)
        #expect(
            result.refusals.map { "\($0.kind) \($0.file):\($0.line) \($0.input) \($0.message ?? "-"): \($0.reason)" }
                == [
                    "row orders-2.csv:3 orders -: the same id as FOLDER/orders-1.csv:3, which stands",
                    "row orders-2.csv:4 orders -: expected 3 columns, got 2",
                    "message orders-2.csv:5 orders placed: time: expected a time as yyyy-MM-dd HH:mm, got \"yesterday\"",
                    "message orders-1.csv:2 orders placed: data.price: expected an amount as 1234.5, got \"1,5\"",
                ])
        #expect(
            result.unused.map { "\($0.file):\($0.line) \($0.reason)" } == [
                "orders-1.csv:2 no message of placed uses this row: placed: data.price: "
                    + "expected an amount as 1234.5, got \"1,5\"",
                "orders-2.csv:5 no message of placed uses this row: placed: time: "
                    + "expected a time as yyyy-MM-dd HH:mm, got \"yesterday\"",
                "shops.csv:3 no message uses this row",
            ])
    }

    @Test("makes the same messages a second time")
    func deterministic() throws {
        let (first, second) = try (Self.mapping.run(Self.files), Self.mapping.run(Self.files))
        #expect(first.messages == second.messages)
    }

    @Test("refuses a second message of the same id")
    func sameID() throws {
        var files = Self.files
        files["shops.csv"] = "s1,North\ns1,South\n"
        let result = try Self.mapping.run(files)
        #expect(result.refusals.contains { $0.reason.contains("has made a message of the same id already: shop/s1") })
    }

    @Test("refuses cells that are not UTF-8")
    func notUTF8() throws {
        let folder = try TemporaryFolder(Self.files)
        try folder.write("shops.csv", Array("s1,caf".utf8) + [0xE9, 0x0A] + Array("s2,ok\n".utf8))
        let run = try ImportRun(Mapping(text: Self.mapping.mapping, file: "test.yaml"), paths: [folder.path])
        #expect(run.refusals.contains { $0.line == 1 && $0.reason == "column 2 is not UTF-8" })
    }

    @Test("needs a file for each input")
    func missingFile() throws {
        var files = Self.files
        files["shops.csv"] = nil
        let error = #expect(throws: ImportError.self) { try Self.mapping.run(files) }
        #expect(error?.text == "no file is called \"shops.csv\" for the input shops of test.yaml")
    }

    @Test("needs the columns that the mapping names")
    func missingColumn() throws {
        var files = Self.files
        files["orders-2.csv"] = "id;days;price\n"
        let error = #expect(throws: ImportError.self) { try Self.mapping.run(files) }
        #expect(error?.line == 1)
        #expect(error?.text == "the file has no column \"day\" (input orders): did you mean \"days\"?")
    }

    @Test("makes orders of a file that has a row for each line")
    func flatFile() throws {
        let example = ImportExample(
            """
            name: flat
            zone: America/New_York
            timeFormat: M/d/yyyy h:mm a
            currency: EUR
            decimalPoint: ","
            thousands: .
            inputs:
              rows:
                file: flat.tsv
                delimiter: tab
                columns: [Name, Created, Sku, Quantity, Total]
                key: [Name, Sku]
              orders:
                group: rows
                by: Name
                many: {lines: {from: rows, on: Name, sort: "{Sku}"}}
            stages:
              - name: all
                messages:
                  - name: placed
                    for: orders
                    to: order.external
                    type: order.placed.v1
                    id: "{Name}"
                    data:
                      orderNumber: "flat/{Name}"
                      placedAt: {$time: "{Created}"}
                      lines:
                        $each: lines
                        as:
                          line: "{#}"
                          sku: "{Sku}"
                          unitPriceMinor: {$divide: [{$minor: "{Total}"}, {$integer: "{Quantity}"}]}
            """)
        let result = try example.run([
            "flat.tsv":
                "Name\tCreated\tSku\tQuantity\tTotal\n#1\t1/5/2024 3:05 PM\tb\t2\t1.000,00\n#1\t\ta\t1\t2,5\n#2\t\tc\t3\t1,00\n"
        ])
        #expect(
            result.data == [
                #"{"orderNumber":"flat/#1","placedAt":"2024-01-05T15:05:00-05:00","#
                    + #""lines":[{"line":1,"sku":"a","unitPriceMinor":250},{"line":2,"sku":"b","unitPriceMinor":50000}]}"#
            ])
        #expect(
            result.refusals.map { "\($0.line) \($0.reason)" } == [
                "4 data.lines[0].unitPriceMinor: \(Self.remainder)"
            ])
        #expect(result.unused.map(\.line) == [4])
        #expect(result.unused[0].reason.hasSuffix("placed: data.lines[0].unitPriceMinor: \(Self.remainder)"))
    }
}
