extension Evaluator {
    mutating func holds(_ condition: Condition) throws(RowFault) -> Bool {
        switch condition {
        case .all(let parts):
            for part in parts where try !holds(part) { return false }
            return true
        case .any(let parts):
            for part in parts where try holds(part) { return true }
            return false
        case .not(let part): return try !holds(part)
        case .exists(let expression, let wanted): return try (value(expression) != .absent) == wanted
        case .oneOf(let expression, let candidates):
            let found = try value(expression)
            for candidate in candidates {
                let candidate = try value(candidate)
                if found == candidate || (found.text != nil && found.text == candidate.text) { return true }
            }
            return false
        case .compares(let left, let comparison, let right):
            let left = try value(left)
            let right = try value(right)
            // What is not there is neither less nor greater.
            if left == .absent || right == .absent { return false }
            switch comparison {
            case .less: return try Value.isLess(left, right)
            case .atMost: return try !Value.isLess(right, left)
            case .greater: return try Value.isLess(right, left)
            case .atLeast: return try !Value.isLess(left, right)
            }
        }
    }
}

extension Value {
    /// Numbers by size, times by order, texts by their characters; different kinds can't be compared.
    static func isLess(_ left: Value, _ right: Value) throws(RowFault) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return left < right
        case (.time(let left), .time(let right)): return left < right
        case (.text(let left), .text(let right)): return left < right
        default: throw RowFault("\(left.kind) can't be compared with \(right.kind)")
        }
    }
}
