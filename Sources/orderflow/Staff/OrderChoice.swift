internal import ArgumentParser
internal import OrderCore
internal import OrderStore

/// The orders that a command is about, where it is about many.
struct OrderChoice: ParsableArguments {
    @Option(help: ArgumentHelp("A file with an order's number a line; - for the standard input.", valueName: "file"))
    var list: String?

    @Option(
        help: ArgumentHelp(
            "Orders with \(OrderFilterTerm.help); may be given again: all must hold.", valueName: "key=value"))
    var filter: [OrderFilterTerm] = []

    @Option(help: ArgumentHelp("At most so many orders.", valueName: "orders"))
    var most = 1_000

    @Option(help: ArgumentHelp("So many a second.", valueName: "rate"))
    var perSecond = 20

    @Flag(help: "Only show which orders are meant.")
    var dryRun = false

    @Flag(help: "Don't ask.")
    var yes = false

    var isGiven: Bool { list != nil || !filter.isEmpty }

    func validate() throws {
        guard list == nil || filter.isEmpty else { throw ValidationError("give --list or --filter, not both") }
        guard most > 0, perSecond > 0 else { throw ValidationError("--most and --per-second must be at least 1") }
    }

    /// The numbers that are meant, each once, with the order as it stands; none where there is no such order.
    func orders(_ queries: Queries) throws -> [(number: String, order: Order?)] {
        guard let list else {
            let found = try queries.orders(filter.filter, limit: most + 1)
            try refuseMore(than: found.count)
            return found.map { ($0.number, $0) }
        }
        let path = list == "-" ? "/dev/stdin" : list
        guard let text = TextFile.read(path) else { throw Failure(.usage, "\(list) can't be read, or is no UTF-8") }
        var seen: Set<String> = []
        let numbers = text.split(whereSeparator: \.isNewline).map(\.trimmed)
            .filter { !$0.isEmpty && !$0.hasPrefix("#") && seen.insert($0).inserted }
        try refuseMore(than: numbers.count)
        let known = Dictionary(try queries.orders(numbers).map { ($0.number, $0) }) { first, _ in first }
        return numbers.map { ($0, known[$0]) }
    }

    private func refuseMore(than count: Int) throws(Failure) {
        guard count > most else { return }
        throw Failure(.usage, "more than \(most) orders are meant: nothing was changed. Narrow it, or raise --most")
    }
}

/// One condition on the orders that are meant: `status=awaiting_release`.
enum OrderFilterTerm: ExpressibleByArgument {
    case status(OrderStatus)
    case hold(HoldReason)
    case channel(String)
    case warehouse(String)
    case older(Age)
    case newer(Age)

    static let help = "status=STATUS, hold=REASON, channel=CODE, warehouse=CODE, older=AGE, newer=AGE (30m, 4h, 2d)"

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        let value = String(argument[argument.index(after: equals)...])
        guard !value.isEmpty, let term = Self.term(String(argument[..<equals]), value) else { return nil }
        self = term
    }

    private static func term(_ key: String, _ value: String) -> OrderFilterTerm? {
        switch key {
        case "status": OrderStatus(rawValue: value).map { .status($0) }
        case "hold": HoldReason(rawValue: value).map { .hold($0) }
        case "channel": .channel(value)
        case "warehouse": .warehouse(value)
        case "older": Age(argument: value).map { .older($0) }
        case "newer": Age(argument: value).map { .newer($0) }
        default: nil
        }
    }
}

extension [OrderFilterTerm] {
    fileprivate var filter: OrderFilter {
        reduce(into: OrderFilter()) { filter, term in
            switch term {
            case .status(let status): filter.status = status
            case .hold(let reason): filter.hold = reason
            case .channel(let code): filter.seller = code
            case .warehouse(let code): filter.warehouse = code
            case .older(let age): filter.before = age.moment
            case .newer(let age): filter.since = age.moment
            }
        }
    }
}

extension Substring {
    /// Without the blanks around it.
    fileprivate var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
