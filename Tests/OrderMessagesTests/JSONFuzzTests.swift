import Foundation
import Testing

@testable import OrderMessages

/// Holds the parser against Foundation's on documents that a seed makes and then damages.
///
/// Known differences, left out of the comparison: nesting deeper than 32, `\u0000` and half surrogate pairs (flagged
/// here, accepted there), a key given twice, other encodings than UTF-8, numbers out of the range of `Double`, and
/// a comma behind the last element, which Foundation lets pass.
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
            let ours = try JSONDocument(body)
            #expect(ours.isEqual(0, to: theirs), "seed \(seed), round \(round): \(text)")
        }
    }

    @Test("on damaged ones: both accept or both refuse", arguments: seeds)
    func damage(_ seed: UInt64) {
        var maker = DocumentMaker(seed: seed &+ 1_000)
        var refused = 0
        for round in 0..<1_500 {
            let body = maker.damaged(Array(maker.document().utf8))
            let document = Result { try JSONDocument(body) }
            if case .failure(let error as JSONSyntaxError) = document, error.code == .tooDeep || error.isTrailingComma {
                continue
            }
            if let read = try? document.get(), read.unreadable != nil || read.hasHugeNumber { continue }
            // Foundation guesses UTF-16 and UTF-32 from zero bytes.
            if body.contains(0) || body.starts(with: [0xFE, 0xFF]) || body.starts(with: [0xFF, 0xFE]) { continue }
            let theirs = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
            let ours = try? document.get()
            if ours == nil { refused += 1 }
            let text = String(decoding: body, as: UTF8.self)
            #expect((ours == nil) == (theirs == nil), "seed \(seed), round \(round): \(text)")
            if let ours, let theirs, !ours.hasRepeatedKey {
                #expect(ours.isEqual(0, to: theirs), "seed \(seed), round \(round): \(text)")
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
            if let document = try? JSONDocument(body) {
                for node in document.tokens.indices { _ = document.path(of: node) }
            }
        }
    }
}

extension JSONSyntaxError {
    fileprivate var isTrailingComma: Bool { text.hasSuffix("found `]`") || text.hasSuffix("found `}`") }
}

extension JSONDocument {
    /// Whether a value is what Foundation read; `true` is `1` to it.
    fileprivate func isEqual(_ node: Node, to theirs: Any) -> Bool {
        switch tokens[node].kind {
        case .object:
            guard let theirs = theirs as? [String: Any] else { return false }
            let members = members(of: node)
            return members.count == theirs.count
                && members.allSatisfy { key, value in
                    theirs[string(key) ?? ""].map { isEqual(value, to: $0) } ?? false
                }
        case .list:
            guard let theirs = theirs as? [Any] else { return false }
            let elements = elements(of: node)
            return elements.count == theirs.count && zip(elements, theirs).allSatisfy(isEqual)
        case .string:
            guard let theirs = theirs as? String, let ours = string(node) else { return false }
            // Swift's `==` takes composed and decomposed characters for the same.
            return ours.utf8.elementsEqual(theirs.utf8)
        case .integer, .decimal:
            let text = String(decoding: slice(node), as: UTF8.self)
            guard let theirs = theirs as? NSNumber else { return false }
            if let integer = Int64(text) { return theirs.int64Value == integer }
            return abs(theirs.doubleValue - (Double(text) ?? .nan)) <= abs(theirs.doubleValue) * 1e-15
        case .yes: return theirs as? Bool == true
        case .no: return theirs as? Bool == false
        case .null: return theirs is NSNull
        }
    }

    /// Whether a number is none to Foundation: too large for `Double`.
    fileprivate var hasHugeNumber: Bool {
        tokens.indices.contains { node in
            guard tokens[node].kind == .integer || tokens[node].kind == .decimal else { return false }
            return Double(String(decoding: slice(node), as: UTF8.self))?.isFinite != true
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
