import Testing

@testable import OrderWorker

@Suite("P10: what waits in memory")
struct FifoTests {
    @Test("a backlog that never empties keeps no more than what waits")
    func letsGo() {
        var waiting = Fifo<Held>()
        let alive = Count()
        for number in 0..<10_000 {
            waiting.append(Held(number, alive))
            guard number >= 100 else { continue }
            #expect(waiting.popFirst()?.number == number - 100)
            #expect(alive.value == 100)
        }
        #expect(waiting.count == 100)
    }

    @Test("first in, first out, also after it was empty")
    func order() {
        var waiting = Fifo<Int>()
        for round in 0..<5 {
            for number in 0..<7 { waiting.append(round * 10 + number) }
            #expect(waiting.first == round * 10)
            for number in 0..<7 { #expect(waiting.popFirst() == round * 10 + number) }
            #expect(waiting.popFirst() == nil)
            #expect(waiting.isEmpty)
        }
        waiting.append(1)
        waiting.removeAll()
        #expect(waiting.first == nil)
    }

    private final class Count {
        var value = 0
    }

    private final class Held {
        let number: Int
        private let alive: Count

        init(_ number: Int, _ alive: Count) {
            self.number = number
            self.alive = alive
            alive.value += 1
        }

        deinit { alive.value -= 1 }
    }
}
