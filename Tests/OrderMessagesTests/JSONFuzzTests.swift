import Foundation
import Testing

@testable import OrderMessages

/// Holds the parser against Foundation's on documents that a seed makes and then damages.
///
/// Known differences, left out of the comparison: nesting deeper than 32, `\u0000` and half surrogate pairs (flagged
/// here, accepted there), a key given twice, other encodings than UTF-8, numbers out of the range of `Double`.
@Suite("The parser agrees with Foundation's")
struct JSONFuzzTests {
    private static let seeds: [UInt64] = (0..<8).map { $0 }

    @Test("on documents of all shapes: the values are equal", arguments: seeds)
    func values(_ seed: UInt64) throws {
        var maker = DocumentMaker(seed: seed)
        for round in 0..<500 {
            let text = maker.document()
            let body = Array(text.utf8)
            let theirs = try JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
            let ours = try JSONDocument(body).foundationValue(0)
            #expect(ours.isEqual(theirs), "seed \(seed), round \(round): \(text)")
        }
    }

    @Test("on damaged ones: both accept or both refuse", arguments: seeds)
    func damage(_ seed: UInt64) {
        var maker = DocumentMaker(seed: seed &+ 1_000)
        var refused = 0
        for round in 0..<1_500 {
            let body = maker.damaged(Array(maker.document().utf8))
            let document = Result { try JSONDocument(body) }
            if case .failure(let error as JSONSyntaxError) = document, error.code == .tooDeep { continue }
            if (try? document.get())?.unreadable != nil { continue }
            // Foundation guesses UTF-16 and UTF-32 from zero bytes.
            if body.contains(0) || body.starts(with: [0xFE, 0xFF]) || body.starts(with: [0xFF, 0xFE]) { continue }
            let theirs = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
            let ours = try? document.get()
            if ours == nil { refused += 1 }
            let text = String(decoding: body, as: UTF8.self)
            #expect((ours == nil) == (theirs == nil), "seed \(seed), round \(round): \(text)")
            if let ours, let theirs, !ours.hasRepeatedKey {
                #expect(ours.foundationValue(0).isEqual(theirs), "seed \(seed), round \(round): \(text)")
            }
        }
        #expect(refused > 300)
    }

    @Test("on any bytes at all it neither traps nor reads past the end")
    func noise() {
        var generator = SeededGenerator(seed: 99)
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsn \n\u{1}é".utf8)
        for _ in 0..<20_000 {
            let body = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            if let document = try? JSONDocument(body) { _ = document.foundationValue(0) }
        }
    }
}

extension JSONDocument {
    /// The value as Foundation would have it.
    fileprivate func foundationValue(_ node: Node) -> NSObject {
        switch tokens[node].kind {
        case .object:
            let object = NSMutableDictionary()
            for (key, value) in members(of: node) {
                object[(string(key) ?? "") as NSString] = foundationValue(value)
            }
            return object
        case .list: return NSArray(array: elements(of: node).map(foundationValue))
        case .string: return (string(node) ?? "") as NSString
        case .integer, .decimal:
            let text = String(decoding: slice(node), as: UTF8.self)
            if tokens[node].kind == .integer, let integer = Int64(text) { return NSNumber(value: integer) }
            return NSNumber(value: Double(text) ?? .nan)
        case .yes: return NSNumber(value: true)
        case .no: return NSNumber(value: false)
        case .null: return NSNull()
        }
    }

    fileprivate var hasRepeatedKey: Bool {
        tokens.indices.contains { node in
            guard tokens[node].kind == .object else { return false }
            let keys = members(of: node).map { string($0.key) ?? "" }
            return Set(keys).count < keys.count
        }
    }
}
