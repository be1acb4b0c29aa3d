/// What several orders have in one parcel, and the most that split rules let each of them travel in.
struct SharedLoad {
    /// The parts that travel in it.
    private(set) var passengers: [Passenger]
    /// What their lines differ in.
    private var kinds: Set<TravelKind>
    private var measures: Measures
    /// What holds for all of them.
    private var split: SplitAction

    /// Grams, cubic centimetres, minor units.
    struct Measures: Hashable {
        var (weight, volume, value): (Int128, Int128, Int128) = (0, 0, 0)

        func isWithin(_ split: SplitAction) -> Bool {
            [(weight, split.maximumWeight), (volume, split.maximumVolume), (value, split.maximumValue)]
                .allSatisfy { sum, maximum in maximum.map { sum <= Int128($0) } ?? true }
        }
    }

    /// The load of one part.
    init(_ passenger: Passenger, kinds: Set<TravelKind>, measures: Measures, split: SplitAction) {
        passengers = [passenger]
        (self.kinds, self.measures, self.split) = (kinds, measures, split)
    }

    /// Adds the load of another part, unless the parcel would be more than holds for any of its orders.
    mutating func join(_ other: SharedLoad) -> Bool {
        var joint = self
        joint.passengers += other.passengers
        joint.kinds.formUnion(other.kinds)
        joint.measures.weight += other.measures.weight
        joint.measures.volume += other.measures.volume
        joint.measures.value += other.measures.value
        joint.split = split.strictest(with: other.split)
        guard joint.isAllowed else { return false }
        self = joint
        return true
    }

    private var isAllowed: Bool {
        passengers.count <= Decider.mostMerged && measures.isWithin(split)
            && Set(kinds.map { $0.limited(to: split.criteria) }).count <= 1
    }
}

extension SplitAction {
    /// What holds where both do.
    fileprivate func strictest(with other: SplitAction) -> SplitAction {
        func smaller(_ one: Int64?, _ other: Int64?) -> Int64? { [one, other].compactMap { $0 }.min() }
        var both = SplitAction()
        both.criteria = criteria.union(other.criteria)
        both.maximumWeight = smaller(maximumWeight, other.maximumWeight)
        both.maximumVolume = smaller(maximumVolume, other.maximumVolume)
        both.maximumValue = smaller(maximumValue, other.maximumValue)
        return both
    }
}

extension Decider {
    /// Puts parts that may travel together into parcels within the maxima of split rules: each into the first that it
    /// fits into.
    func share(_ passengers: [Passenger]) -> [[Passenger]] {
        var parcels: [SharedLoad] = []
        for load in passengers.compactMap(load) {
            var isIn = false
            for place in parcels.indices where !isIn { isIn = parcels[place].join(load) }
            if !isIn { parcels.append(load) }
        }
        return parcels.map(\.passengers)
    }

    private func load(of passenger: Passenger) -> SharedLoad? {
        guard let state = set.orders[passenger.order] else { return nil }
        var (kinds, measures): (Set<TravelKind>, SharedLoad.Measures) = ([], SharedLoad.Measures())
        let split = splitRule(state)?.1
        for part in state.lines(of: passenger.part) where part.open > 0 {
            guard let line = state.lines[part.key.line] else { continue }
            let product = set.reference.products[line.sku]
            kinds.insert(kind(of: line))
            measures.weight += Int128(product?.weight ?? 0) * Int128(part.open)
            measures.volume += Int128(product?.volume ?? 0) * Int128(part.open)
            measures.value += Int128(line.dearestUnit) * Int128(part.open)
        }
        return SharedLoad(passenger, kinds: kinds, measures: measures, split: split ?? SplitAction())
    }
}
