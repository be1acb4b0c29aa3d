/// A bar of a line.
enum ProgressBar {
    private static let width = 24

    static func text(_ done: Int, of total: Int, _ what: String) -> String {
        let part = total == 0 ? 1 : Double(done) / Double(total)
        let filled = Int(part * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return "\(bar) \(Int(part * 100)) %  \(done) of \(total) \(what)"
    }
}
