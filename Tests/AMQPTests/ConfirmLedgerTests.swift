import AMQP
import Testing

@Suite("The confirm ledger")
struct ConfirmLedgerTests {
    private var ledger = ConfirmLedger()

    private mutating func publish(_ ids: String...) {
        for id in ids { _ = ledger.published(messageID: id, bytes: 10) }
    }

    private mutating func returned(_ id: String) -> Bool { ledger.returned(messageID: id) }

    private mutating func confirm(_ tag: UInt64, multiple: Bool = false, acked: Bool = true) -> [String] {
        var settled: [String] = []
        ledger.confirm(tag: tag, multiple: multiple, acked: acked) {
            settled.append("\($0.tag) \($0.messageID ?? "-") \($0.outcome)")
        }
        return settled
    }

    @Test("tags count from 1 and unconfirmed messages and bytes are counted")
    mutating func countsTags() {
        let first = ledger.published(messageID: "a", bytes: 5)
        let second = ledger.published(messageID: nil, bytes: 7)
        #expect([first, second] == [1, 2])
        #expect(ledger.unconfirmedCount == 2)
        #expect(ledger.unconfirmedBytes == 12)
        #expect(confirm(1) == ["1 a confirmed"])
        #expect(ledger.unconfirmedCount == 1)
        #expect(ledger.unconfirmedBytes == 7)
    }

    @Test("one confirm for many settles all before it, in order, each once")
    mutating func settlesMany() {
        publish("a", "b", "c", "d")
        #expect(confirm(2) == ["2 b confirmed"])
        #expect(confirm(3, multiple: true) == ["1 a confirmed", "3 c confirmed"])
        #expect(confirm(0, multiple: true) == ["4 d confirmed"])
        #expect(ledger.unconfirmedCount == 0)
        #expect(ledger.unconfirmedBytes == 0)
    }

    @Test("an ack after a return counts as returned, for that message alone")
    mutating func matchesReturns() {
        publish("a", "b", "c")
        #expect(returned("b"))
        #expect(confirm(3, multiple: true) == ["1 a confirmed", "2 b returned", "3 c confirmed"])
    }

    @Test("two publishes of one message that both return are both returned")
    mutating func matchesRepeatedReturns() {
        publish("a", "a")
        #expect(returned("a"))
        #expect(returned("a"))
        #expect(!returned("a"))
        #expect(confirm(2, multiple: true) == ["1 a returned", "2 a returned"])
    }

    @Test("a nack is a rejection, even of a returned message")
    mutating func rejects() {
        publish("a", "b")
        ledger.returned(messageID: "a")
        #expect(confirm(2, multiple: true, acked: false) == ["1 a rejected", "2 b rejected"])
    }

    @Test("confirms of what was never published, or is settled, change nothing")
    mutating func ignoresStrangers() {
        publish("a", "b")
        #expect(confirm(3).isEmpty)
        #expect(confirm(9, multiple: true).isEmpty)
        #expect(confirm(0).isEmpty)
        #expect(confirm(1) == ["1 a confirmed"])
        #expect(confirm(1).isEmpty)
        #expect(confirm(1, multiple: true).isEmpty)
        #expect(!returned("a"))
        #expect(ledger.unconfirmedCount == 1)
    }

    @Test("any order of confirms settles each publish once", arguments: 0..<20)
    mutating func settlesEachOnce(seed: UInt64) {
        var random = SplitMix(state: seed)
        var settled = Set<UInt64>()
        for _ in 0..<5_000 {
            if Bool.random(using: &random) || ledger.unconfirmedCount == 0 {
                publish("m")
            } else {
                let tag = UInt64.random(in: 1...ledger.publishedCount, using: &random)
                let multiple = Int.random(in: 0..<20, using: &random) == 0
                ledger.confirm(tag: tag, multiple: multiple, acked: true) { settlement in
                    #expect(settled.insert(settlement.tag).inserted)
                }
                #expect(settled.contains(tag))
            }
            #expect(ledger.unconfirmedCount == Int(ledger.publishedCount) - settled.count)
            #expect(ledger.unconfirmedBytes == ledger.unconfirmedCount * 10)
        }
    }
}

/// A small seeded generator, so that a failing seed can be run again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
