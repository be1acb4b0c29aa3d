extension Evaluator {
    /// Exact, or a fault: what is not there, overflows or does not divide evenly is never guessed.
    mutating func arithmetic(
        _ operation: Expression.Arithmetic, _ operands: [Expression]
    ) throws(RowFault) -> Value {
        var result: Int64?
        for operand in operands {
            let number = try number(operand)
            result = try result.map { (left) throws(RowFault) in try operation.apply(left, number) } ?? number
        }
        return result.map { .integer($0) } ?? .absent
    }

    /// One value of many rows.
    mutating func aggregate(
        _ aggregate: Expression.Aggregate, _ inner: Expression, _ reference: RowsReference
    ) throws(RowFault) -> Value {
        let rows = try rows(reference)
        if aggregate == .count { return .integer(Int64(rows.count)) }
        var result = aggregate == .sum ? Value.integer(0) : .absent
        for (index, row) in rows.enumerated() {
            use(row)
            let value = try inside(row, number: Int64(index) + 1) { (evaluator) throws(RowFault) in
                aggregate == .sum ? .integer(try evaluator.number(inner)) : try evaluator.value(inner)
            }
            switch aggregate {
            case .count: break
            case .sum:
                if case .integer(let sum) = result, case .integer(let more) = value {
                    result = .integer(try Expression.Arithmetic.add.apply(sum, more))
                }
            case .first:
                if value != .absent { return value }
            case .extreme(let extreme): result = try extreme.better(of: result, value)
            }
        }
        return result
    }

    /// A number that has to be there.
    mutating func number(_ expression: Expression) throws(RowFault) -> Int64 {
        let value = try value(expression)
        guard case .integer(let number) = value else { throw RowFault("expected a number, got \(value.kind)") }
        return number
    }
}

extension Expression.Arithmetic {
    fileprivate func apply(_ left: Int64, _ right: Int64) throws(RowFault) -> Int64 {
        let (value, isTooLarge): (Int64, Bool)
        switch self {
        case .add: (value, isTooLarge) = left.addingReportingOverflow(right)
        case .subtract: (value, isTooLarge) = left.subtractingReportingOverflow(right)
        case .multiply: (value, isTooLarge) = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0, left.remainderReportingOverflow(dividingBy: right).partialValue == 0 else {
                throw RowFault("\(left) can't be divided by \(right) without a remainder")
            }
            (value, isTooLarge) = left.dividedReportingOverflow(by: right)
        }
        guard !isTooLarge else { throw RowFault("the result is too large") }
        return value
    }
}

extension Expression.Extreme {
    /// The smaller or larger of two; absent ones don't count.
    func better(of left: Value, _ right: Value) throws(RowFault) -> Value {
        if left == .absent { return right }
        if right == .absent { return left }
        let isLess = try Value.isLess(left, right)
        switch self {
        case .min: return isLess ? left : right
        case .max: return isLess ? right : left
        }
    }
}

extension Expression.TextEdit {
    func apply(_ text: String) -> Value {
        let edited: String
        switch self {
        case .lower: edited = text.lowercased()
        case .upper: edited = text.uppercased()
        case .trim: edited = text.trimmed
        case .replace(let what, let replacement): edited = text.replacing(what, by: replacement)
        }
        return edited.isEmpty ? .absent : .text(edited)
    }
}

extension String {
    fileprivate var trimmed: String {
        let end = drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
        return String(end.reversed())
    }

    fileprivate func replacing(_ what: String, by replacement: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: what) {
            result += rest[..<range.lowerBound] + replacement
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension Substring {
    /// The first place of a text that is not empty.
    fileprivate func firstRange(of what: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(what) { return start..<index(start, offsetBy: what.count) }
            start = index(after: start)
        }
        return nil
    }
}
