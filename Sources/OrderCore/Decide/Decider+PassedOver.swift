/// Why a warehouse is not asked.
enum PassedOver: Error {
    case unknown, inactive, forbidden, refused, ofSupplier, pastCutOff, noTime, outOfArea
    /// A table says that nothing goes that way.
    case noWay
    /// A table says nothing of that way and weight: a mistake of the rules, never of who ordered.
    case gap
}

/// Why what is short comes from nowhere: what each warehouse that may have it says to that.
extension Decider {
    /// What warehouses say when they are asked for something.
    struct Answers {
        /// In the order in which they were asked.
        var warehouses: [String] = []
        /// Why those that are no candidates are not.
        var passedOver: [String: PassedOver] = [:]
        fileprivate var candidates: Set<String> = []
    }

    /// Asks for a demand all that any of the searches names; where one names none, all that keep it.
    ///
    /// - Parameter demands: All that is looked for together: costs go by the weight of it.
    func answers(
        for demand: Sourcing.Demand, of demands: [Sourcing.Demand], _ searches: [SourceSearch], _ state: OrderState
    ) -> Answers {
        var answers = Answers()
        for search in searches {
            let named = search.step.warehouses
            for code in named.isEmpty ? set.stock.warehouses(of: demand.sku).sorted() : named
            where !answers.candidates.contains(code) {
                if answers.passedOver[code] == nil { answers.warehouses.append(code) }
                do {
                    _ = try candidate(code, search, for: demands, state)
                    answers.candidates.insert(code)
                    answers.passedOver[code] = nil
                } catch {
                    answers.passedOver[code] = error
                }
            }
        }
        return answers
    }

    /// In words, for who looks at what is held.
    func whyNobody(
        gives demand: Sourcing.Demand, of demands: [Sourcing.Demand], _ answers: Answers, _ search: SourceSearch
    ) -> String {
        guard !answers.warehouses.isEmpty else { return "no active warehouse keeps \(demand.sku)" }
        let grams = weight(of: demands)
        let said = answers.warehouses.prefix(Self.told).map { code in
            "\(code) (\(answers.passedOver[code]?.words(grams, search.action.costs ?? "") ?? "keeps none"))"
        }
        let owner = search.supplier.map { " of its supplier \($0)" } ?? ""
        let rest = answers.warehouses.count - said.count
        return "no warehouse\(owner) gives \(demand.sku): \(said.joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
    }

    /// So many warehouses are named in a reason.
    private static var told: Int { 8 }
}

extension PassedOver {
    fileprivate func words(_ grams: Int64, _ table: String) -> String {
        switch self {
        case .unknown: "not known"
        case .inactive: "not active"
        case .forbidden: "forbidden by the rule"
        case .refused: "has refused"
        case .ofSupplier: "a supplier's, for his goods alone"
        case .pastCutOff: "past its cut-off"
        case .noTime: "no time in \(WarehouseDay.daysAhead) days"
        case .outOfArea: "does not ship to the receiver"
        case .noWay: "by the table \(table) nothing of \(grams) g goes to the receiver"
        case .gap: "a gap: the table \(table) has no cost of \(grams) g to the receiver"
        }
    }
}
