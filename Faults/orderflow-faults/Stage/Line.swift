import Foundation
import Synchronization
import TestServers
import TestSite

/// The network between workers and one server: each connection goes through a relay that can disturb it.
final class Line: Sendable {
    /// What all connections have to bear.
    enum Weather: Sendable {
        case calm
        /// Each frame is so long under way, in each direction.
        case delayed(milliseconds: Int)
        /// Each byte comes in a packet of its own.
        case bytewise
    }

    /// What happens once to one connection.
    enum Mishap: Sendable {
        /// Half a frame goes on, then both sides see the connection end.
        case cut(toServer: Bool)
        /// Nothing goes on any more, and neither side hears of it; one that gives up is not heard to.
        case halfOpen
        /// A frame that nobody has said is heard before the next method.
        case forged([UInt8], toServer: Bool)
        /// PostgreSQL has committed a batch with messages; its answer is lost with the connection.
        case commitUnanswered
    }

    /// What a connection is for, by what its client says first.
    enum Role: String, CaseIterable, Sendable {
        case consuming, publishing, other

        fileprivate init(opening: Data) {
            self = opening.has(" consume") ? .consuming : opening.has(" publish") ? .publishing : .other
        }
    }

    private struct State {
        var weather = Weather.calm
        var pending: (mishap: Mishap, role: Role)?
        var connections: [Int: LineConnection] = [:]
        var struck = 0
        var log = CommitLog()
    }

    private let frames: WireFrames
    private let relay: Relay
    private let state: Sharing

    /// The relay's filter holds it too.
    private final class Sharing: Sendable { let state = Mutex(State()) }

    /// - Parameter url: of the server; ``url`` leads to it through the relay.
    init(to url: String, _ frames: WireFrames) throws {
        self.frames = frames
        let parts = url.split(separator: "@", maxSplits: 1)
        let port = parts.last?.split { $0 == ":" || $0 == "/" }.dropFirst().first ?? ""
        let sharing = Sharing()
        state = sharing
        relay = try Relay(to: UInt16(port) ?? 0) { way, said in
            sharing.state.withLock { state in
                // What a half-open connection says is not kept, so that no frame begins where it goes on.
                if state.connections[way.connection]?.isHalfOpen == true { return .silence }
                return Self.pass(way, frames.take(from: &said), &state)
            }
        }
        let through = url.replacingOccurrences(of: ":\(port)/", with: ":\(relay.port)/")
        // Frames under TLS are nobody's to read.
        self.url = frames == .postgres ? through + "?sslmode=disable" : through
    }

    /// Leads to the server through the relay.
    let url: String

    var weather: Weather {
        get { state.state.withLock(\.weather) }
        set { state.state.withLock { $0.weather = newValue } }
    }

    /// The next connection of that role that says anything has a mishap.
    func strike(_ mishap: Mishap, _ role: Role = .other) { state.state.withLock { $0.pending = (mishap, role) } }

    /// How many connections were made so far.
    var made: Int { state.state.withLock { $0.connections.count } }

    /// How many mishaps have happened.
    var struck: Int { state.state.withLock(\.struck) }

    /// What is known of commits without an answer.
    var commits: CommitLog { state.state.withLock(\.log) }

    func close() { relay.close() }

    private static func pass(_ way: Relay.Way, _ frames: [[UInt8]], _ state: inout State) -> Relay.Passage {
        var connection = state.connections[way.connection] ?? LineConnection()
        defer { state.connections[way.connection] = connection }
        if way.isToServer {
            for frame in frames {
                connection.hear(frame)
                state.log.hear(frame, on: way.connection)
            }
        }
        if !frames.isEmpty, let pending = state.pending, pending.role == connection.role,
            let passage = strike(pending.mishap, way, frames, &connection, &state)
        {
            state.pending = nil
            state.struck += 1
            return passage
        }
        if !way.isToServer { state.log.answer(frames, on: way.connection) }
        switch state.weather {
        case .calm: return .on(connection.all(frames, way))
        case .bytewise: return .bytewise(connection.all(frames, way))
        case .delayed(let milliseconds): return .on(connection.late(frames, way, .milliseconds(milliseconds)))
        }
    }

    /// What goes on instead; nil where the time has not come.
    private static func strike(
        _ mishap: Mishap, _ way: Relay.Way, _ frames: [[UInt8]], _ connection: inout LineConnection,
        _ state: inout State
    ) -> Relay.Passage? {
        switch mishap {
        case .cut(let isToServer):
            guard way.isToServer == isToServer, let last = frames.last else { return nil }
            let before = connection.all(Array(frames.dropLast()), way)
            return .cut(after: before + last.prefix(last.count / 2))
        case .halfOpen:
            connection.isHalfOpen = true
            return .silence
        case .forged(let frame, let isToServer):
            // Nothing may come between a method and its content.
            guard way.isToServer == isToServer, let place = frames.firstIndex(where: { $0.first == 1 }) else {
                return nil
            }
            return .on(connection.all(frames[..<place] + [frame] + frames[place...], way))
        case .commitUnanswered:
            guard !way.isToServer, state.log.loseAnswer(among: frames, on: way.connection) else { return nil }
            return .cut(after: [])
        }
    }
}

/// A connection on a line.
private struct LineConnection {
    var isHalfOpen = false
    private var opening = Data()
    private(set) var role = Line.Role.other
    private var late: [Bool: [(at: ContinuousClock.Instant, frame: [UInt8])]] = [:]

    /// The first frames tell what it is for.
    mutating func hear(_ frame: [UInt8]) {
        guard opening.count < 4_096 else { return }
        opening += frame
        role = Line.Role(opening: opening)
    }

    /// Whatever is there, what was late first.
    mutating func all(_ frames: some Sequence<[UInt8]>, _ way: Relay.Way) -> [UInt8] {
        let before = late.removeValue(forKey: way.isToServer)?.flatMap(\.frame) ?? []
        return before + frames.flatMap { $0 }
    }

    /// What has been under way for so long.
    mutating func late(_ frames: [[UInt8]], _ way: Relay.Way, _ delay: Duration) -> [UInt8] {
        var waiting = late[way.isToServer] ?? []
        waiting += frames.map { (.now + delay, $0) }
        let due = waiting.prefix { $0.at <= .now }
        late[way.isToServer] = Array(waiting.dropFirst(due.count))
        return due.flatMap(\.frame)
    }
}

extension Data {
    fileprivate func has(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}

extension Stage {
    /// A way to the broker; workers take it that are told of its URL.
    func lineToBroker() throws -> Line {
        let line = try Line(to: site.servers.amqpURL(vhost: site.name), .amqp)
        lines.append(line)
        return line
    }

    /// A way to PostgreSQL; workers take it that are told of its URL.
    func lineToDatabase() throws -> Line {
        let line = try Line(to: site.servers.postgresURL(database: site.name), .postgres)
        lines.append(line)
        return line
    }
}
