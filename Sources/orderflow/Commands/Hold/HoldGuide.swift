internal import OrderCore

/// What people need to know of a reason why orders are held.
struct HoldGuide {
    /// What has happened.
    let meaning: String
    /// When the hold closes without a person.
    let closesItself: String
    /// What staff can do, the most likely first.
    let ways: [Way]

    /// A command, and what it does to such a hold.
    struct Way {
        private let verb: String
        private let options: String
        let effect: String

        init(_ verb: String, _ options: String = "", _ effect: String) {
            (self.verb, self.options, self.effect) = (verb, options, effect)
        }

        /// As it is typed, but for who and why.
        func command(_ number: String) -> String { "orderflow order \(verb) \(number)\(options)" }
    }
}

extension HoldReason {
    /// What people need to know of it.
    var guide: HoldGuide {
        let (meaning, closesItself) = story
        return HoldGuide(meaning: meaning, closesItself: closesItself, ways: ways)
    }

    private var ways: [HoldGuide.Way] {
        let release = HoldGuide.Way("release", " --hold \(rawValue)", releaseEffect)
        let override = HoldGuide.Way(
            "override", " --hold \(rawValue)", "goes on in spite of it (role: reviewer or operations)")
        let cancel = HoldGuide.Way("cancel", "", "ends what has not shipped; what was paid for it goes back")
        let retry = HoldGuide.Way("retry", "", "validates and sources again, and asks again for what got no answer")
        let refund = HoldGuide.Way("refund", " --amount MINOR", "sends money back where it came from")
        let edit = HoldGuide.Way("edit-receiver", " --receiver FILE", "replaces the receiver and validates again")
        let carrier = HoldGuide.Way("change-carrier", " --carrier CODE", "chooses the carrier")
        switch self {
        case .receiverIncomplete: return [edit, override, cancel]
        case .malformed, .noLines: return [cancel]
        case .unknownSKU, .unlistedSKU, .amountMismatch, .priceMismatch, .channelUnknown, .partnerUnknown,
            .partnerSuspended:
            return [retry, override, cancel]
        case .outOfStock, .noWarehouse: return [retry, cancel]
        case .stockLost, .warehouseRejected, .shortShipped: return [retry, release, cancel]
        case .ruleViolated: return [retry, override, cancel]
        case .manual: return [release, cancel]
        case .noCarrier: return [carrier, retry, release, cancel]
        case .buyerRemark, .highValue, .suspectedFraud, .unusualQuantity, .firstOrder, .blockedArea, .blockedPerson,
            .belowFloor, .suspectedDouble:
            return [release, override, cancel]
        case .refundFailed: return [retry, release]
        case .captureFailed: return [retry, release, cancel]
        case .paymentLost: return [release, cancel]
        case .chargedBack: return [cancel, release]
        case .currencyMismatch, .codUnsettled, .cancelRefused, .amendRefused, .shippedAfterCancel, .parkedTooLong,
            .impossibleTransition:
            return [release]
        case .noAnswer: return [retry, release]
        case .returnedToSender, .lost: return [refund, release]
        case .cancelling: return []
        }
    }

    private var releaseEffect: String {
        switch self {
        case .noCarrier: "lets the warehouse choose the carrier"
        case .captureFailed, .codUnsettled: "closes it: the order goes on without that money"
        case let reason where reason.isSourcing:
            "finds another warehouse, as retry does; refused while there is none"
        default: "closes it: a person has seen to it"
        }
    }
}
