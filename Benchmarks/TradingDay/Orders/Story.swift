/// What happens with an order, beside the ordinary.
public enum Story: String, Sendable, CaseIterable {
    case ordinary
    // Money.
    case paidBeforePlaced
    case paidInTwoParts
    case paidTwice
    case underpaid
    case overpaid
    case unpaid
    case failedThenPaid
    case paidInOtherCurrency
    case sameReferenceOtherAmount
    case cashOnDelivery
    case chargedBack
    // Messages.
    case everythingTwice
    case placedAgainWithOtherContent
    case callbacksBeforeRelease
    case callbacksOutOfOrder
    // Warehouses and carriers.
    case twoParcels
    case twoParcelsAsTotals
    case short
    case refusedByWarehouse
    case backToSender
    case lost
    // Ends before its time.
    case cancelledUnpaid
    case cancelledPaid
    case cancelAgreed
    case cancelRefused
    case cancelledAfterShipping
    // What is bought.
    case scarce
    case miscounted
    case giftCard
    case bespoke
    // Wrong.
    case unknownSKU
    case unlistedSKU
    case wrongSum
    case wrongPrice
    case incompleteReceiver
    case noLines
    case absurdQuantity
    case unknownSeller

    /// How often each is met among a thousand orders of our own shops.
    static let ofShops: [(Story, weight: Int64)] = [
        (.ordinary, 410), (.paidBeforePlaced, 40), (.paidInTwoParts, 40), (.paidTwice, 20), (.underpaid, 12),
        (.overpaid, 10), (.unpaid, 30), (.failedThenPaid, 20), (.paidInOtherCurrency, 3),
        (.sameReferenceOtherAmount, 5), (.cashOnDelivery, 40), (.chargedBack, 4), (.everythingTwice, 40),
        (.placedAgainWithOtherContent, 5), (.callbacksBeforeRelease, 15), (.callbacksOutOfOrder, 40),
        (.twoParcels, 30), (.twoParcelsAsTotals, 20), (.short, 12), (.refusedByWarehouse, 12), (.backToSender, 6),
        (.lost, 4), (.cancelledUnpaid, 20), (.cancelledPaid, 20), (.cancelAgreed, 20), (.cancelRefused, 10),
        (.cancelledAfterShipping, 10),
        (.scarce, 30), (.miscounted, 10), (.giftCard, 20), (.bespoke, 10), (.unknownSKU, 8), (.unlistedSKU, 4),
        (.wrongSum, 8), (.wrongPrice, 4), (.incompleteReceiver, 8), (.noLines, 4), (.absurdQuantity, 3),
        (.unknownSeller, 2),
    ]

    /// How often each is met among orders of partners.
    static let ofPartners: [(Story, weight: Int64)] = [
        (.ordinary, 640), (.everythingTwice, 40), (.placedAgainWithOtherContent, 5), (.callbacksBeforeRelease, 15),
        (.callbacksOutOfOrder, 40), (.twoParcels, 50), (.twoParcelsAsTotals, 30), (.short, 20),
        (.refusedByWarehouse, 15), (.backToSender, 8), (.lost, 4), (.cancelAgreed, 20), (.cancelRefused, 10),
        (.cancelledAfterShipping, 8), (.scarce, 15), (.unknownSKU, 12), (.wrongSum, 8), (.wrongPrice, 25),
        (.incompleteReceiver, 25), (.noLines, 4), (.absurdQuantity, 3), (.unknownSeller, 3),
    ]

    /// The order itself is one that can't be accepted as it is.
    public var isInvalid: Bool {
        switch self {
        case .unknownSKU, .unlistedSKU, .wrongSum, .wrongPrice, .incompleteReceiver, .noLines, .absurdQuantity,
            .unknownSeller:
            true
        default: false
        }
    }
}
