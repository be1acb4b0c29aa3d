/// How far a command is, as a bar on the terminal.
final class Progress {
    private let steps: Int
    private var done = 0
    private let start = ContinuousClock.now

    init(steps: Int) { self.steps = max(steps, 1) }

    /// The next step begins.
    func begin(_ title: String) {
        let width = 30
        let filled = min(width, width * done / steps)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.tick("\(bar) \(done * 100 / steps) %  \(title)")
    }

    /// It is done, and came to this.
    func end(_ result: String) {
        done += 1
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        Terminal.endTicks()
        Terminal.note("\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)  \(result)")
    }
}
