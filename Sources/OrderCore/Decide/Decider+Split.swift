/// Splits what one warehouse ships of an order (拆单): what can't travel together becomes fulfilments of their own.
extension Decider {
    /// Plans what has found its warehouse, and reserves it there.
    mutating func reserve(_ places: [(demand: Sourcing.Demand, warehouse: String)], _ state: inout OrderState) {
        guard let (rule, split) = splitRule(state) else {
            var planned: [String: String] = [:]
            for (demand, warehouse) in places {
                let id = planned[warehouse] ?? state.planFulfilment(in: warehouse)
                planned[warehouse] = id
                reserve(demand.quantity, of: demand.line, demand.sku, for: id, in: warehouse, &state)
            }
            return
        }
        for warehouse in Sourcing.warehouses(of: places) {
            let part = places.filter { $0.warehouse == warehouse }.map(\.demand)
            let units = part.map { LineQuantity(line: $0.line, quantity: $0.quantity) }
            for (id, units) in plan(parcels(of: units, by: split, state), in: warehouse, rule, &state) {
                for demand in part {
                    guard let quantity = units[demand.line] else { continue }
                    reserve(quantity, of: demand.line, demand.sku, for: id, in: warehouse, &state)
                }
            }
        }
    }

    private mutating func reserve(
        _ quantity: Int64, of number: Int64, _ sku: String, for fulfilment: String, in warehouse: String,
        _ state: inout OrderState
    ) {
        var line = FulfilmentLine(key: FulfilmentLine.Key(fulfilment, number), sku: sku, quantity: quantity)
        line.reserved = quantity
        state.fulfilmentLines.insert(line)
        move(
            StockKey(sku: sku, warehouse: warehouse), .reserve, reserved: quantity, for: state.order.number, number,
            reference: fulfilment)
    }

    /// Plans what was made to order, where it is.
    ///
    /// - Parameter joins: it goes with what is planned there, as far as that may travel together.
    mutating func plan(_ made: [LineQuantity], in warehouse: String, joins: Bool, _ state: inout OrderState) {
        let made = made.filter { $0.quantity > 0 }
        guard !made.isEmpty else { return }
        let planned = joins ? state.fulfilments.all.filter { $0.state == .planned && $0.warehouse == warehouse } : []
        guard let (rule, split) = splitRule(state) else {
            let id = planned.first?.id ?? state.planFulfilment(in: warehouse)
            for part in made { state.carry(part.quantity, of: part.line, in: id) }
            return
        }
        let parcels = parcels(of: made, by: split, beside: planned.map(\.id), state)
        for (id, units) in plan(parcels, in: warehouse, rule, &state) {
            for (line, quantity) in units.sorted(by: { $0.key < $1.key }) { state.carry(quantity, of: line, in: id) }
        }
    }

    /// The fulfilments of parcels, and the units that come into each.
    private mutating func plan(
        _ parcels: [Packing.Parcel], in warehouse: String, _ rule: Rule, _ state: inout OrderState
    ) -> [(id: String, units: [Int64: Int64])] {
        if parcels.count > 1 {
            note(rule, "\(parcels.count) parcels from \(warehouse)", subject(state))
        }
        return parcels.map { ($0.fulfilment ?? state.planFulfilment(in: warehouse), $0.units) }
    }

    /// The rule by which an order is split.
    func splitRule(_ state: OrderState) -> (Rule, SplitAction)? {
        for rule in rules(.split, state) {
            for case .split(let action) in rule.actions { return (rule, action) }
        }
        return nil
    }

    /// What travels together of one warehouse's part, with the planned fulfilments that some of it may join. A part that
    /// would be more parcels than `Packing.mostParcels` is split by its criteria alone: the warehouse packs it.
    private func parcels(
        of part: [LineQuantity], by split: SplitAction, beside planned: [String] = [], _ state: OrderState
    ) -> [Packing.Parcel] {
        var groups: [(kind: TravelKind, items: [Packing.Item])] = []
        for units in part {
            guard let line = state.lines[units.line] else { continue }
            let kind = kind(of: line, split.criteria)
            let item = Packing.Item(
                line: line.number, units: units.quantity, measures: split.measures(of: line, set.reference.products))
            if let known = groups.firstIndex(where: { $0.kind == kind }) {
                groups[known].items.append(item)
            } else {
                groups.append((kind, [item]))
            }
        }
        let unlimited = SplitAction(criteria: split.criteria)
        var parcels: [Packing.Parcel] = []
        for (kind, items) in groups {
            let joined = planned.compactMap { joinable($0, kind, split, state) }
            if let packed = Packing.pack(items, maxima: split.maxima, into: joined) {
                // Those that nothing was added to are as they were.
                parcels += packed.filter { !$0.units.isEmpty }
            } else if split.maxima.isEmpty {
                return parcels
            } else {
                return self.parcels(of: part, by: unlimited, beside: planned, state)
            }
        }
        return parcels
    }

    /// A planned fulfilment as a parcel that may have room; `nil` where some of it can't travel with lines of this kind.
    private func joinable(
        _ id: String, _ kind: TravelKind, _ split: SplitAction, _ state: OrderState
    ) -> Packing.Parcel? {
        var parcel = Packing.Parcel(fulfilment: id, load: split.maxima.map { _ in 0 })
        for carried in state.lines(of: id) where carried.open > 0 {
            guard let line = state.lines[carried.key.line], self.kind(of: line, split.criteria) == kind else {
                return nil
            }
            for (place, measure) in split.measures(of: line, set.reference.products).enumerated() {
                parcel.load[place] += measure * carried.open
            }
        }
        return parcel
    }

    /// What a line differs in from others.
    func kind(of line: OrderLine) -> TravelKind {
        let product = set.reference.products[line.sku]
        var kind = TravelKind(type: line.type, supplier: product?.supplier, temperature: product?.temperature)
        if let until = product?.presaleUntil, until > now {
            kind.presaleDay = (until.microseconds / 1_000_000 + set.reference.rules.set.zoneSeconds) / 86_400
        }
        return kind
    }

    private func kind(of line: OrderLine, _ criteria: Set<SplitAction.Criterion>) -> TravelKind {
        kind(of: line).limited(to: criteria)
    }
}

/// What a line differs in from lines that it can't travel with.
struct TravelKind: Hashable {
    var type: LineType?
    var supplier: String?
    var temperature: String?
    /// Since 1970, in the rules' zone.
    var presaleDay: Int64?

    /// As far as a rule looks at it.
    func limited(to criteria: Set<SplitAction.Criterion>) -> TravelKind {
        TravelKind(
            type: criteria.contains(.type) ? type : nil, supplier: criteria.contains(.supplier) ? supplier : nil,
            temperature: criteria.contains(.temperature) ? temperature : nil,
            presaleDay: criteria.contains(.presale) ? presaleDay : nil)
    }
}

extension SplitAction {
    fileprivate init(criteria: Set<Criterion>) {
        self.init()
        self.criteria = criteria
    }

    /// The maxima that there are: of weight, volume, value.
    fileprivate var maxima: [Int64] { [maximumWeight, maximumVolume, maximumValue].compactMap { $0 } }

    /// What a unit of a line measures, in the order of the maxima. Its value is that of the line's dearest unit.
    fileprivate func measures(of line: OrderLine, _ products: [String: Product]) -> [Int64] {
        let product = products[line.sku]
        var measures: [Int64] = []
        if maximumWeight != nil { measures.append(product?.weight ?? 0) }
        if maximumVolume != nil { measures.append(product?.volume ?? 0) }
        if maximumValue != nil { measures.append(line.dearestUnit) }
        return measures
    }
}

extension OrderLine {
    /// What its dearest unit is worth.
    var dearestUnit: Int64 { Allocation.firstUnits(1, of: quantity, amount: share) }
}

extension OrderState {
    /// Puts units of a line into a fulfilment.
    fileprivate mutating func carry(_ quantity: Int64, of number: Int64, in fulfilment: String) {
        let key = FulfilmentLine.Key(fulfilment, number)
        if fulfilmentLines[key] != nil {
            fulfilmentLines.update(key) { $0.quantity += quantity }
        } else if let line = lines[number] {
            fulfilmentLines.insert(FulfilmentLine(key: key, sku: line.sku, quantity: quantity))
        }
    }
}
