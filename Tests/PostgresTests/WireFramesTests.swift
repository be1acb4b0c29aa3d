import TestServers
import Testing

@Suite("Frames on the wire")
struct WireFramesTests {
    @Test("messages of PostgreSQL are told apart, and a part of one stays until the rest is there")
    func messages() {
        var said: [UInt8] = [0, 0, 0, 8, 1, 2, 3, 4, UInt8(ascii: "Q"), 0, 0, 0, 6, 65, 0, UInt8(ascii: "X"), 0, 0]
        #expect(WireFrames.postgres.take(from: &said).map(\.count) == [8, 7])
        #expect(said.count == 3)
    }

    @Test(
        "where no message begins, nothing is taken", arguments: [[0, 0, 0, 0, 9], [65, 0, 0, 0, 3, 9]] as [[UInt8]])
    func noMessage(_ bytes: [UInt8]) {
        var said = bytes
        #expect(WireFrames.postgres.take(from: &said).isEmpty)
        #expect(said == bytes)
    }
}
