import Testing

@testable import OrderMessages

@Suite("Only JSON is read as JSON")
struct JSONParserTests {
    @Test(
        "what the grammar does not have is refused, and said where",
        arguments: [
            ("", "expected a value at byte 0, found the end of the body"),
            ("[1,]", "expected a value at byte 3, found `]`"),
            (#"{"a":1,}"#, "expected a key in quotes at byte 7, found `}`"),
            ("{a:1}", "expected a key in quotes at byte 1, found `a`"),
            (#"{"a" 1}"#, "expected `:` at byte 5, found `1`"),
            (#"{"a":1"#, "expected `,` or `}` at byte 6, found the end of the body"),
            ("[1 2]", "expected `,` or `]` at byte 3, found `2`"),
            ("[01]", "expected `,` or `]` at byte 2, found `1`"),
            ("[-]", "expected a digit at byte 2, found `]`"),
            ("[1.]", "expected a digit at byte 3, found `]`"),
            ("[.5]", "expected a value at byte 1, found `.`"),
            ("[+1]", "expected a value at byte 1, found `+`"),
            ("[1e]", "expected a digit at byte 3, found `]`"),
            ("[NaN]", "expected a value at byte 1, found `N`"),
            ("[nul]", "expected a value at byte 1, found `n`"),
            ("'a'", "expected a value at byte 0, found `'`"),
            (#""a"#, "expected a closing quote at byte 2, found the end of the body"),
            (#""\x""#, "expected an escape at byte 2, found `x`"),
            (#""\u12g4""#, "expected four hexadecimal digits at byte 5, found `g`"),
            ("\"a\tb\"", "expected control characters to be escaped in texts at byte 2, found byte 9"),
            (
                "\"long enough for words\u{1}\"",
                "expected control characters to be escaped in texts at byte 22, found byte 1"
            ),
            ("[1] [2]", "expected nothing behind the JSON value at byte 4, found `[`"),
            ("// note\n1", "expected a value at byte 0, found `/`"),
        ])
    func refuses(_ text: String, _ complaint: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(Array(text.utf8)) }
        do {
            _ = try JSONDocument(Array(text.utf8))
        } catch {
            #expect(error.text == complaint)
        }
    }

    @Test("32 levels are read, 33 are not, whatever stands in them")
    func depth() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            func nested(_ count: Int) -> [UInt8] {
                Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)
            }
            _ = try JSONDocument(nested(32))
            #expect(throws: JSONSyntaxError.self) { try JSONDocument(nested(33)) }
        }
        _ = try JSONDocument(Array(("[" + String(repeating: "[[]],", count: 100) + "1]").utf8))
    }

    @Test(
        "bytes that are not UTF-8 are refused wherever they stand",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE4, 0xB8], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0xFF],
        ] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        for padding in [0, 7, 8, 9] {
            let body = Array("\"".utf8) + [UInt8](repeating: 0x61, count: padding) + bytes + Array("\"".utf8)
            do {
                _ = try JSONDocument(body)
                #expect(Bool(false), "\(body) was read")
            } catch {
                #expect(error.code == .notUTF8)
                #expect(error.offset == padding + 1)
            }
        }
    }

    @Test("a path says where a value stands")
    func paths() throws {
        let json = try JSONDocument(Array(#"{"a":[{"b":1},{"c":[[2,3]]}],"d":4}"#.utf8))
        let paths = json.tokens.indices.filter { json.tokens[$0].kind == .integer }.map(json.path(of:))
        #expect(paths == ["a[0].b", "a[1].c[0][0]", "a[1].c[0][1]", "d"])
    }

    @Test("the escapes of keys are read like those of texts")
    func escapedKeys() throws {
        let json = try JSONDocument(Array(#"{"\u0061\/":7}"#.utf8))
        #expect(try json.integer("a/", in: 0, 0...9) == 7)
    }

    @Test("integers reach from the least to the greatest of 64 bits")
    func integers() throws {
        for value in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
            let json = try JSONDocument(Array("\(value)".utf8))
            #expect(try json.integer(at: 0, .min ... .max) == value)
        }
        for text in ["9223372036854775808", "-9223372036854775809", "100000000000000000000"] {
            let json = try JSONDocument(Array(text.utf8))
            #expect(throws: FieldProblem.self) { try json.integer(at: 0, .min ... .max) }
        }
        #expect(try JSONDocument(Array("-0".utf8)).integer(at: 0, 0...1) == 0)
    }
}
