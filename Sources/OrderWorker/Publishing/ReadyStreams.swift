/// What waits for nothing but its turn, one receiver's after another's: the broker writes a run of messages for one queue
/// with less work than as many for queues in turns.
struct ReadyStreams<Stream> {
    private var queues: [String: Fifo<Stream>] = [:]
    private var receivers: [String] = []
    private var turn = 0
    private(set) var count = 0
    var isEmpty: Bool { count == 0 }

    mutating func append(_ stream: Stream, for receiver: String) {
        if queues[receiver] == nil { receivers.append(receiver) }
        queues[receiver, default: Fifo()].append(stream)
        count += 1
    }

    /// The next.
    var first: Stream? {
        mutating get {
            guard count > 0 else { return nil }
            // A receiver has its turn until nothing of it is ready, then comes last.
            while queues[receivers[turn]]?.isEmpty != false { turn = (turn + 1) % receivers.count }
            return queues[receivers[turn]]?.first
        }
    }

    /// Takes what `first` gave.
    mutating func removeFirst() {
        guard count > 0, queues[receivers[turn]]?.popFirst() != nil else { return }
        count -= 1
    }
}
