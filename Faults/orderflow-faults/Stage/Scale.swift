import ArgumentParser

/// How much is done of each fault.
enum Scale: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// With the tests: minutes.
    case short
    /// `make faults`: counts cut to fit into 20 minutes.
    case usual
    /// `make faults-full`: as long as it takes.
    case full

    /// One of three counts.
    func pick<Count>(_ short: Count, _ usual: Count, _ full: Count) -> Count {
        switch self {
        case .short: short
        case .usual: usual
        case .full: full
        }
    }
}
