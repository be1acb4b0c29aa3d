internal import FoundationEssentials

/// What the receivers heard, read: each stream in order of arrival.
struct Heard {
    /// Numbers count within these.
    struct Stream: Hashable {
        var receiver: String
        var epoch: Int64
        var subject: String
    }

    /// Each event once for each receiver, in order of arrival.
    private(set) var events: [(receiver: String, event: HeardEvent)] = []
    /// Receiver and id of each.
    private(set) var ids: Set<String> = []
    /// The numbers of each stream as they were first heard.
    private(set) var streams: [Stream: [Int64]] = [:]
    /// Heard again, with the same content.
    private(set) var repeats = 0
    /// Heard again with another content, or not to be read: as sentences.
    private(set) var faults: [String] = []

    init(_ hearings: [Hearing]) {
        let decoder = JSONDecoder()
        var bodies: [String: Data] = [:]
        for hearing in hearings {
            guard let event = try? decoder.decode(HeardEvent.self, from: hearing.body) else {
                let start = String(decoding: hearing.body.prefix(120), as: UTF8.self)
                faults.append("\(hearing.receiver) can't read \(start)")
                continue
            }
            let key = "\(hearing.receiver) \(event.id)"
            if let before = bodies[key] {
                if before == hearing.body {
                    repeats += 1
                } else {
                    faults.append("\(key) came again with another content")
                }
                continue
            }
            bodies[key] = hearing.body
            ids.insert(key)
            events.append((hearing.receiver, event))
            guard let number = event.number, let subject = event.subject else { continue }
            streams[Stream(receiver: hearing.receiver, epoch: event.epoch, subject: subject), default: []].append(
                number)
        }
    }
}
