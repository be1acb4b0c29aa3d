/// How a value is made from rows. Names are resolved: what can be known of a mapping is checked before the first row.
indirect enum Expression: Sendable {
    case constant(Value)
    case column(ColumnReference)
    /// Texts and columns in a row; absent where one of them is.
    case template([Expression])
    /// Decimal text to minor units.
    case minor(Expression, currency: Expression, DecimalStyle)
    case integer(Expression, DecimalStyle)
    case time(Expression, TimePattern, TimeZoneRules)
    case edit(TextEdit, Expression)
    case lookup(Expression, [String: Expression], otherwise: Expression?)
    case choice(Condition, Expression, Expression)
    /// The first that has a value.
    case first([Expression])
    case arithmetic(Arithmetic, [Expression])
    case extreme(Extreme, [Expression])
    case aggregate(Aggregate, Expression, RowsReference)
    /// A value for each row.
    case each(RowsReference, Expression)
    case list([Expression])
    case object([(name: String, value: Expression)])
    /// The place of the row among those that are gone through, from 1.
    case rowNumber

    enum Arithmetic: String, CaseIterable {
        case add
        case subtract
        case multiply
        case divide
    }

    enum Extreme: String, CaseIterable {
        case min
        case max
    }

    enum Aggregate: Equatable {
        case sum
        case count
        case first
        case extreme(Extreme)
    }

    enum TextEdit {
        case lower
        case upper
        case trim
        case replace(String, by: String)
    }
}

/// A column of a row in scope.
struct ColumnReference: Sendable {
    /// 0: the innermost row, 1: the one around it.
    var depth: Int
    /// To-one joins to follow from there.
    var joins: [Int]
    var column: Column

    enum Column {
        /// Read from the file.
        case stored(Int)
        /// Made by the mapping, of columns of the same row.
        case derived(Expression)
    }
}

/// Rows that belong to a row in scope.
struct RowsReference: Sendable {
    enum Source {
        /// A to-many join of the row at a depth, behind to-one joins.
        case join(depth: Int, joins: [Int], many: Int)
        /// The rows that a message stands for.
        case group(depth: Int)
    }

    var source: Source
    /// Only these.
    var condition: Condition?
}

/// What has to hold.
indirect enum Condition: Sendable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case exists(Expression, Bool)
    case oneOf(Expression, [Expression])
    case compares(Expression, Comparison, Expression)

    enum Comparison: String, CaseIterable {
        case less
        case atMost
        case greater
        case atLeast
    }
}
