import OrderCore

/// What can't travel together by the rules is never planned as one part (`P8`).
extension Bench {
    func splitLaws(_ state: OrderState) -> [String] {
        guard let split else { return [] }
        return state.fulfilments.all.flatMap { fulfilment -> [String] in
            // What was taken off again makes room for other units.
            let parts = state.lines(of: fulfilment.id).filter { $0.quantity > $0.cancelled }
            let units = parts.reduce(0) { $0 + $1.quantity - $1.cancelled }
            var found: [String] = []
            func check(_ what: String, _ maximum: Int64?, _ measure: (OrderLine) -> Int64) {
                // More than is packed at all is left to the warehouse.
                guard let maximum, units > 1, units <= 200 else { return }
                let load = parts.reduce(0) { sum, part in
                    sum + (state.lines[part.key.line].map(measure) ?? 0) * (part.quantity - part.cancelled)
                }
                if load > maximum { found.append("\(fulfilment.id) is \(load) in \(what), \(maximum) is the most") }
            }
            let products = set.reference.products
            check("weight", split.maximumWeight) { products[$0.sku]?.weight ?? 0 }
            check("volume", split.maximumVolume) { products[$0.sku]?.volume ?? 0 }
            // The least that its units are worth.
            check("value", split.maximumValue) { $0.share / max(1, $0.quantity) }
            let lines = parts.compactMap { state.lines[$0.key.line] }
            func checkAlike<Kind: Hashable>(_ criterion: SplitAction.Criterion, _ kind: (OrderLine) -> Kind) {
                guard split.criteria.contains(criterion), Set(lines.map(kind)).count > 1 else { return }
                found.append("\(fulfilment.id) holds more than one \(criterion.rawValue)")
            }
            checkAlike(.type) { $0.type }
            checkAlike(.supplier) { products[$0.sku]?.supplier }
            checkAlike(.temperature) { products[$0.sku]?.temperature }
            return found
        }
    }
}
