import Testing

@testable import OrderImport

@Suite("CSV files")
struct CSVParserTests {
    private struct Example: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var text: String
        var records: [[String]]

        init(_ name: String, _ text: String, _ records: [[String]]) {
            testDescription = name
            self.text = text
            self.records = records
        }
    }

    private static let examples = [
        Example("plain lines", "a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        Example("no line end at the end", "a,b\nc,d", [["a", "b"], ["c", "d"]]),
        Example("CRLF", "a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        Example("CR at the very end", "a,b\r", [["a", "b"]]),
        Example("a carriage return inside a line is a character", "a\rb,c\n", [["a\rb", "c"]]),
        Example("empty cells", ",a,\n", [["", "a", ""]]),
        Example("quoted", "\"a\",\"b\"\n", [["a", "b"]]),
        Example("delimiter in quotes", "\"a,b\",c\n", [["a,b", "c"]]),
        Example("line end in quotes", "\"a\nb\",c\nd,e\n", [["a\nb", "c"], ["d", "e"]]),
        Example("CRLF in quotes", "\"a\r\nb\"\r\nc\r\n", [["a\r\nb"], ["c"]]),
        Example("doubled quotes", "\"a \"\"b\"\" c\"\n", [["a \"b\" c"]]),
        Example("only quotes", "\"\"\"\",\"\"\n", [["\"", ""]]),
        Example("a quote inside a plain cell", "5\" disk,b\n", [["5\" disk", "b"]]),
        Example("blank lines", "a,b\n\n\r\nc,d\n\n", [["a", "b"], ["c", "d"]]),
        Example("spaces stay", " a , b \n", [[" a ", " b "]]),
        Example("other scripts", "订单,数量\n", [["订单", "数量"]]),
        Example("nothing", "", []),
    ]

    @Test("are read as RFC 4180 has it", arguments: examples)
    private func reads(_ example: Example) throws {
        let items = try read(example.text)
        #expect(items.map(\.cells) == example.records)
    }

    @Test("are read the same with a byte order mark")
    func byteOrderMark() throws {
        #expect(try read("\u{FEFF}a,b\nc,d\n").map(\.cells) == [["a", "b"], ["c", "d"]])
    }

    @Test("have another delimiter where the mapping says so")
    func delimiter() throws {
        #expect(try read("a;b,c\n", parser: CSVParser(delimiter: UInt8(ascii: ";"))).map(\.cells) == [["a", "b,c"]])
    }

    @Test("keep the line that each record begins in")
    func lines() throws {
        #expect(try read("a\n\"b\n\nb\"\n\nc\n").map(\.line) == [1, 2, 6])
    }

    @Test("tell text behind a closing quote with its line, and go on with the next line")
    func textBehindQuote() throws {
        let items = try read("a,b\n\"c\"x,d\ne,f\n")
        #expect(items.map(\.line) == [1, 2, 3])
        #expect(items[1].malformed == "column 1 has text behind its closing quote")
        #expect(items[2].cells == ["e", "f"])
    }

    @Test("tell a quote that is never closed, and go on with the next line")
    func openQuote() throws {
        let items = try read("a,b\nc,\"d\ne,f\n")
        #expect(items[1].malformed == "the quote of column 2 is never closed")
        #expect(items[2].cells == ["e", "f"])
        #expect(items.map(\.line) == [1, 2, 3])
    }

    @Test("tell a record beyond the bound, and go on with the next line")
    func longRecord() throws {
        let long = "\"" + String(repeating: "x", count: 100) + "\n" + String(repeating: "y", count: 100) + "\"\nb\n"
        var parser = CSVParser()
        parser.longestRecord = 150
        let items = try read(long, parser: parser)
        #expect(items[0].malformed == "the quote of column 1 is never closed")
        #expect(items.last?.cells == ["b"])
    }

    @Test("give the cells that were written, whatever is in them", arguments: 0..<50)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = ["a", "é", "中", ",", "\"", "\n", "\r\n", " ", "", "1", ";"]
        let width = Int.random(in: 2...5, using: &random)
        let rows = (0..<40).map { _ in
            (0..<width).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
                    .joined()
            }
        }
        let text = rows.map { row in
            row.map { cell in
                let isPlain =
                    Bool.random(using: &random)
                    && !cell.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
                return isPlain
                    ? cell
                    : "\""
                        + cell.split(separator: "\"", omittingEmptySubsequences: false)
                        .joined(separator: "\"\"") + "\""
            }.joined(separator: ",")
        }.joined(separator: Bool.random(using: &random) ? "\n" : "\r\n")
        let read = try read(text)
        #expect(read.map(\.cells) == rows, "seed \(seed)")
    }

    @Test("give the same records however the bytes arrive", arguments: 0..<100)
    func anyBytesInAnyParts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab,\"\"\n\n\r;\u{FF}é".utf8)
        let bytes = (0..<200).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        let parser = CSVParser()
        let whole = steps(parser, bytes, from: bytes.count)
        let parts = steps(parser, bytes, from: 1)
        #expect(whole == parts, "seed \(seed)")
    }

    /// Parses with only so many bytes there at first, and one more each time the parser asks.
    private func steps(_ parser: CSVParser, _ bytes: [UInt8], from first: Int) -> [CSVParser.Step] {
        var steps: [CSVParser.Step] = []
        var position = 0
        var available = min(first, bytes.count)
        while position < bytes.count {
            let step = parser.step(Array(bytes[..<available]), from: position, isWhole: available == bytes.count)
            switch step {
            case .needsMore:
                if available == bytes.count { return steps }
                available += 1
                continue
            case .record(_, let end): position = end
            case .malformed(_, let resume): position = resume
            }
            steps.append(step)
        }
        return steps
    }

    private struct Item {
        var line: Int
        var cells: [String]?
        var malformed: String?
    }

    private func read(_ text: String, parser: CSVParser = CSVParser()) throws -> [Item] {
        let folder = try TemporaryFolder(["input.csv": text])
        var reader = try CSVReader(path: folder.path + "/input.csv", parser: parser)
        var items: [Item] = []
        while let item = try reader.next() {
            switch item {
            case .record(let line, let fields): items.append(Item(line: line, cells: fields.map { $0 ?? "?" }))
            case .malformed(let line, let reason): items.append(Item(line: line, malformed: reason))
            }
        }
        return items
    }
}
