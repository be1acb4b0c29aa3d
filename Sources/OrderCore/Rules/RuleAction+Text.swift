extension RuleAction {
    /// In words, close to how it is written.
    public var text: String {
        switch self {
        case .reject(let detail): "reject: \(detail)"
        case .hold(let reason, let detail): "hold \(reason.rawValue)" + (detail.isEmpty ? "" : ": \(detail)")
        case .approve: "approve"
        case .gift(let gift): gift.text
        case .source(let source): source.text
        case .backorder(let place): "rank \(place.rank)" + (place.smallerFirst ? ", smaller ones first" : "")
        case .split(let split): split.text
        case .merge(let seconds): "merge within \(seconds) s"
        case .carrier(let code): "carrier \(code)"
        case .tell(let receiver): "tell \(receiver)"
        case .leaveOut(let receiver): "leave out \(receiver)"
        case .redirect(let from, let to): "\(to) instead of \(from)"
        case .wait(let timing, let seconds): "\(timing.rawValue) \(seconds) s"
        }
    }
}

extension GiftAction {
    fileprivate var text: String {
        let step =
            switch each {
            case .amount(let amount): " for each \(amount) minor units"
            case .quantity(let units, let condition): " for each \(units) units of \(condition.text)"
            case nil: ""
            }
        return "give \(quantity) of \(sku)\(step)" + (most.map { ", \($0) at most" } ?? "")
            + (isOncePerBuyer ? ", once a buyer" : "")
    }
}

extension SourceAction {
    fileprivate var text: String {
        let tries = steps.map { step in
            (step.warehouses.isEmpty ? "any warehouse" : step.warehouses.joined(separator: " or "))
                + (step.isPartial ? " in part" : "")
                + (step.minimumValue > 0 ? " of at least \(step.minimumValue) minor units" : "")
                + (step.isToday ? " today" : "")
        }
        let measures = (costs.map { ", costs by \($0)" } ?? "") + (distances.map { ", distances by \($0)" } ?? "")
        let without = forbidden.isEmpty ? "" : ", never \(forbidden.sorted().joined(separator: ", "))"
        let wait = waits ? ", else wait" + (givesUpAfter > 0 ? " for \(givesUpAfter) s" : "") : ""
        let again =
            (mostAgain == Self.usuallyAgain ? "" : ", again \(mostAgain) times at most")
            + (unanswered.map { ", elsewhere after \($0) requests without an answer" } ?? "")
        return "source from \(tries.joined(separator: ", then "))\(without)\(wait)\(measures)\(again)"
    }
}

extension SplitAction {
    fileprivate var text: String {
        var by = criteria.map(\.rawValue).sorted()
        if let maximumWeight { by.append("\(maximumWeight) g") }
        if let maximumVolume { by.append("\(maximumVolume) cm³") }
        if let maximumValue { by.append("\(maximumValue) minor units") }
        return "split by \(by.joined(separator: ", "))"
    }
}
