import Synchronization
import TestServers

/// Stands between a worker and its broker, and can make confirms vanish, nothing else.
final class ConfirmThief: Sendable {
    private struct State {
        var connections = 0
        var robbed: Range<Int> = 0..<0
        var stolen = 0
    }

    private let state = Mutex(State())
    private let port: Int

    init(before port: Int) { self.port = port }

    /// Serves a body with the port to connect to.
    func stand(_ body: (Int) throws -> Void) throws {
        let relay = try Relay(to: UInt16(port)) { [self] number, said in filter(number, &said) }
        defer { relay.close() }
        try body(Int(relay.port))
    }

    /// From now on the connections that are open now hear of no confirm any more; later ones do.
    func steal() { state.withLock { $0.robbed = 0..<$0.connections } }

    /// Confirms that nobody has heard.
    var stolen: Int { state.withLock(\.stolen) }

    /// Takes whole frames, each of a type, a channel, a size, a payload of that size, and an end.
    private func filter(_ number: Int, _ said: inout [UInt8]) -> [UInt8] {
        state.withLock { state in
            state.connections = max(state.connections, number + 1)
            var heard: [UInt8] = []
            var start = 0
            while said.count - start >= 7 {
                let size = said[(start + 3)..<(start + 7)].reduce(0) { $0 << 8 | Int($1) }
                let end = start + size + 8
                guard end <= said.count else { break }
                if state.robbed.contains(number), Self.isConfirm(said[start..<end]) {
                    state.stolen += 1
                } else {
                    heard += said[start..<end]
                }
                start = end
            }
            said.removeFirst(start)
            return heard
        }
    }

    /// `basic.ack`: a method frame, class 60, method 80.
    private static func isConfirm(_ frame: ArraySlice<UInt8>) -> Bool {
        frame.first == 1 && frame.dropFirst(7).prefix(4).elementsEqual([0, 60, 0, 80])
    }
}
