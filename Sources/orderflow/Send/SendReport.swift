internal import AMQP

/// Counts what became of the lines of a file, and tells about those that were not sent.
struct SendReport {
    let file: String
    private var confirmed = 0
    private var notTaken = 0
    private var bad = 0
    private let start = ContinuousClock.now

    init(file: String) {
        self.file = file == "-" ? "standard input" : file
    }

    var isFaulty: Bool { bad + notTaken > 0 }

    /// A line that can't be sent.
    mutating func bad(line: Int, _ text: String) {
        bad += 1
        tell(line, text)
    }

    /// The broker's answer about a line.
    mutating func settled(line: Int, _ outcome: PublishOutcome) {
        switch outcome {
        case .confirmed:
            confirmed += 1
            if confirmed.isMultiple(of: 500) { Console.progress("\(confirmed) sent") }
        case .returned:
            notTaken += 1
            tell(line, "no queue takes it: `orderflow topology declare` makes the queues")
        case .rejected:
            notTaken += 1
            tell(line, "the broker did not take it: its queue is full or failing; send it again")
        }
    }

    /// The sums.
    func end(unsettled: Int) {
        Console.endProgress()
        let seconds = (ContinuousClock.now - start) / Duration.seconds(1)
        var text = "\(confirmed) sent and confirmed"
        if bad > 0 { text += ", \(bad) lines not sent" }
        if notTaken > 0 { text += ", \(notTaken) not taken by the broker" }
        if unsettled > 0 {
            text += ", \(unsettled) without an answer: they may have arrived; sending again is harmless"
        }
        if seconds > 0.5 { text += " (\(Int(Double(confirmed) / seconds)) a second)" }
        Console.message(text)
    }

    private func tell(_ line: Int, _ text: String) {
        Console.endProgress()
        Console.message("\(file):\(line): \(text)")
    }
}
