/// What a parcel costs, or how far it is, from warehouses to areas (运费表, 距离表). Thousands of entries; looked up by hash.
public struct RuleTable: Hashable, Sendable {
    /// From where to where.
    public struct Way: Hashable, Sendable {
        /// The warehouse's code.
        public var warehouse: String
        /// A country, province, city or district as receivers write it; `*` stands for any.
        public var area: String

        /// Makes a way.
        public init(from warehouse: String, to area: String) {
            self.warehouse = warehouse
            self.area = area
        }
    }

    /// The value up to a weight.
    public struct Step: Hashable, Sendable {
        /// Grams.
        public var upTo: Int64
        /// Minor units, or a distance in whatever unit; nil: nothing of that weight goes that way.
        public var value: Int64?

        /// Makes a step.
        public init(upTo: Int64 = .max, value: Int64?) {
            self.upTo = upTo
            self.value = value
        }
    }

    /// What staff call it.
    public var title: String?
    /// The steps of each way, the lightest first. Beyond the last of them is a gap: nobody knows.
    public private(set) var ways: [Way: [Step]] = [:]

    /// Makes an empty table.
    public init() {}

    /// Says what a way costs up to a weight; without a step nothing goes that way.
    public mutating func add(_ way: Way, _ step: Step = Step(value: nil)) {
        var steps = ways[way] ?? []
        let place = steps.firstIndex { $0.upTo > step.upTo } ?? steps.endIndex
        steps.insert(step, at: place)
        ways[way] = steps
    }

    /// What counts for a parcel of so many grams; nil in a gap: nobody knows. The narrowest area counts.
    func step(from warehouse: String, to receiver: Receiver?, weight: Int64) -> Step? {
        let areas = [receiver?.district, receiver?.city, receiver?.province, receiver?.country, "*"]
        let steps = areas.lazy.compactMap { area in
            area.flatMap { ways[Way(from: warehouse, to: $0)] }
        }.first
        return steps?.first { weight <= $0.upTo }
    }

    /// The value for a parcel of so many grams; nil where nothing goes, or nobody knows.
    public func value(from warehouse: String, to receiver: Receiver?, weight: Int64) -> Int64? {
        step(from: warehouse, to: receiver, weight: weight)?.value
    }
}
