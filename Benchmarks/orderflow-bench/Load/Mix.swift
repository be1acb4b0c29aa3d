/// What a load is made of.
struct Mix {
    /// What happens to each order while the clock runs.
    var stages: [Workload.Stage]
    /// What they are about.
    var goods: Goods
    /// Orders are placed before the clock starts.
    var isStoredBefore = false
    /// Units of a line at most.
    var mostUnits: Int64 = 3

    /// Every order from its placing to its delivery.
    static let lifecycle = Mix(stages: Workload.Stage.allCases, goods: .skewed)
    static let ordersOnly = Mix(stages: [.placed], goods: .skewed)
    static let callbacksOnly = Mix(stages: Workload.Stage.allCases, goods: .skewed, isStoredBefore: true)
    /// No order of it is one that the rules that ship would have people look at.
    static let unremarkable = Mix(stages: Workload.Stage.allCases, goods: .skewed, mostUnits: 1)
    static let oneHotSKU = Mix(stages: Workload.Stage.allCases, goods: .oneHot)
    static let uniformSKUs = Mix(stages: Workload.Stage.allCases, goods: .uniform)

    /// What is not as it should be, of a thousand messages.
    static let duplicatesPerMille = 20
    static let earlyPerMille = 10
    static let invalidPerMille = 5
}
