package import OrderCore

extension Outcome {
    package var isDone: Bool { if case .done = self { true } else { false } }
    package var isParked: Bool { if case .parked = self { true } else { false } }
    package var isRefused: Bool { if case .refused = self { true } else { false } }
    package var isConflict: Bool { if case .conflict = self { true } else { false } }
}
