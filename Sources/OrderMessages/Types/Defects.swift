internal import OrderCore

/// What could not be read of an order, up to a bound: a body of wrong lines must not become thousands of holds.
struct Defects {
    /// Most defects that are told one by one.
    static let most = 50

    private(set) var reasons: [Reason] = []

    /// Whether no more are told: what follows need not be read.
    var isFull: Bool { reasons.count > Self.most }

    /// The value, or a defect and `nil`.
    @inline(__always)
    mutating func read<Value>(_ value: () throws(FieldProblem) -> Value) -> Value? {
        do throws(FieldProblem) {
            return try value()
        } catch {
            add(error)
            return nil
        }
    }

    /// Adds a defect; one path is told once.
    mutating func add(_ problem: FieldProblem) {
        guard !isFull, !reasons.contains(where: { $0.path == problem.path }) else { return }
        if reasons.count == Self.most {
            reasons.append(Reason(.malformed, "more than \(Self.most) defects; the rest is not listed"))
        } else {
            reasons.append(Reason(.malformed, path: problem.path.isEmpty ? nil : problem.path, problem.text))
        }
    }
}
