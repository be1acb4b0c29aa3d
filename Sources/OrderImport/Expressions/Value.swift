/// What an expression gives.
indirect enum Value: Hashable, Sendable {
    /// Nothing: an empty cell, a joined row that is not there. Members without a value are left out of a message.
    case absent
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case time(Moment)
    case list([Value])
    case object([Member])

    /// A member of an object.
    struct Member: Hashable {
        var name: String
        var value: Value
    }

    /// What it is, for people.
    var kind: String {
        switch self {
        case .absent: "nothing"
        case .text(let text): "the text \"\(text.prefix(40))\""
        case .integer(let number): "the number \(number)"
        case .flag(let flag): "\(flag)"
        case .time(let moment): "the time \(moment.text)"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// How it stands in a text; `nil` for what has no text.
    var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let flag): String(flag)
        case .time(let moment): moment.text
        case .absent, .list, .object: nil
        }
    }
}
