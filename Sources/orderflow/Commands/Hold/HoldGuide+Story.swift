internal import OrderCore

extension HoldReason {
    private static let validated =
        "it is validated again (a retry, a change of what it is checked against) and no longer so"

    /// What has happened, and when it is over without a person.
    var story: (meaning: String, closesItself: String) {
        switch family {
        case .data, .entitlement: validationStory
        case .stock, .flow: flowStory
        case .review: reviewStory
        case .payment: paymentStory
        case .fulfilment: fulfilmentStory
        }
    }

    private var validationStory: (String, String) {
        switch self {
        case .receiverIncomplete: ("the receiver lacks a field that goods can't be sent without", Self.validated)
        case .unknownSKU: ("no product has the SKU of a line", "the product becomes known (product.updated)")
        case .unlistedSKU: ("a product of the order may not be sold now", "the product is listed (product.updated)")
        case .amountMismatch: ("the sums that the sender claims are not those of the lines", Self.validated)
        case .priceMismatch:
            ("a line's price is not within the tolerance of the list price", "the list price says so (product.updated)")
        case .ruleViolated:
            ("a rule of operations does not let such an order in: the detail says which", Self.validated)
        case .noLines: ("the order has no lines", "never: the sender places it anew")
        case .malformed: ("a field of the order can't be read", "never: the sender places it anew")
        case .channelUnknown:
            ("the channel is not known, or not active", "the channel becomes known and active (channel.updated)")
        case .partnerUnknown: ("the partner is not known", "the partner becomes known (partner.updated)")
        case .partnerSuspended: ("the partner is suspended", "the partner is active again (partner.updated)")
        default: ("", "")
        }
    }

    private var flowStory: (String, String) {
        switch self {
        case .outOfStock: ("no warehouse has enough of a line to promise", "stock comes")
        case .noWarehouse:
            ("no warehouse that may be asked keeps a SKU of the order", "one gets stock of it, opens, or may be asked")
        case .stockLost:
            (
                "a warehouse counted less than it had promised, and this order lost its part",
                "it is sourced again or ships"
            )
        case .parkedTooLong:
            (
                "a message about the order waits for something that has not come for days: `orderflow parked list` shows it",
                "the message is applied"
            )
        case .impossibleTransition:
            (
                "the order reads back, or was to become, what the state machine does not know",
                "never: `orderflow quarantine list`"
            )
        case .cancelling:
            (
                "warehouses were asked to stop, and have not all answered",
                "every warehouse has answered, or its time is over"
            )
        default: ("", "")
        }
    }

    private var reviewStory: (String, String) {
        let meaning =
            switch self {
            case .buyerRemark: "the buyer has left a remark that a person has to read"
            case .highValue: "the order is worth more than goes unseen"
            case .suspectedFraud: "the order looks like one that nobody will pay for, or keep"
            case .unusualQuantity: "a quantity is beyond what is usually bought"
            case .firstOrder: "the buyer has not ordered before"
            case .blockedArea: "the receiver lives where nothing is sent without a look"
            case .blockedPerson: "the buyer or receiver is on a list of blocked people"
            case .belowFloor: "a line is sold below its floor price: finance has to agree"
            case .suspectedDouble: "the buyer has ordered the same shortly before"
            default: "a person has stopped the order"
            }
        return (meaning, "never")
    }

    private var paymentStory: (String, String) {
        switch self {
        case .currencyMismatch:
            ("money came in another currency: it is not counted, and people have to send it back", "never")
        case .refundFailed: ("the payment side could not send money back", "the refund comes through")
        case .captureFailed:
            ("money that is due could not be captured, or nothing is authorised to take it from", "it is captured")
        case .paymentLost:
            (
                "before release, what was authorised or captured is gone, or less than its new lines cost",
                "it is paid; unpaid, the order ends in time"
            )
        case .chargedBack: ("the buyer's bank has taken money back", "the case is won")
        case .codUnsettled: ("cash on delivery is not there in time", "the cash comes")
        default: ("", "")
        }
    }

    private var fulfilmentStory: (String, String) {
        switch self {
        case .noCarrier:
            (
                "no rule has a carrier for a part of the order",
                "nothing else holds the order, and a rule has one when it is looked at again; or the part ends"
            )
        case .warehouseRejected: ("a warehouse does not take its part", "it is sourced again or ships")
        case .shortShipped: ("a warehouse had less than it was to ship", "it is sourced again")
        case .cancelRefused: ("a warehouse goes on though it was asked to stop", "it stops after all")
        case .amendRefused:
            ("a warehouse ships to the receiver that it was handed", "it changes the receiver after all")
        case .shippedAfterCancel: ("goods left a warehouse after they had been stopped", "the parcel comes back")
        case .noAnswer: ("a warehouse does not answer a request", "it answers")
        case .returnedToSender: ("a parcel comes back: ship again or refund", "it is delivered after all")
        case .lost: ("a parcel is lost", "it is delivered after all")
        default: ("", "")
        }
    }
}
