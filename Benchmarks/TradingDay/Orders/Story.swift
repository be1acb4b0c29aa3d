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
    // Staff change it (改单): before a warehouse has it, and after.
    case fewerUnitsEarly
    case fewerUnits
    case otherReceiver
    // The buyer wants it in one parcel with his next order (合单).
    case oneParcel
    case oneParcelByStaff
    case outOfParcel
    case cancelledFromParcel
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
    // What rules don't take, or have a person look at first.
    case abroad
    case cashBeyondLimit
    case cashFarAway
    case cashForBespoke
    case cardsOnAccount
    case beyondAccount

    /// How often each is met among a thousand orders of our own shops.
    static let ofShops: [(Story, weight: Int64)] = [
        (.ordinary, 300), (.paidBeforePlaced, 40), (.paidInTwoParts, 40), (.paidTwice, 20), (.underpaid, 12),
        (.overpaid, 10), (.unpaid, 30), (.failedThenPaid, 20), (.paidInOtherCurrency, 3),
        (.sameReferenceOtherAmount, 5), (.cashOnDelivery, 40), (.chargedBack, 4), (.everythingTwice, 40),
        (.placedAgainWithOtherContent, 5), (.callbacksBeforeRelease, 15), (.callbacksOutOfOrder, 40),
        (.twoParcels, 30), (.twoParcelsAsTotals, 20), (.short, 12), (.refusedByWarehouse, 12), (.backToSender, 6),
        (.lost, 4), (.cancelledUnpaid, 20), (.cancelledPaid, 20), (.cancelAgreed, 20), (.cancelRefused, 10),
        (.cancelledAfterShipping, 10), (.fewerUnitsEarly, 12), (.fewerUnits, 25), (.otherReceiver, 20),
        (.oneParcel, 12), (.oneParcelByStaff, 8), (.outOfParcel, 10), (.cancelledFromParcel, 8),
        (.scarce, 30), (.miscounted, 10), (.giftCard, 20), (.bespoke, 10), (.unknownSKU, 8), (.unlistedSKU, 4),
        (.wrongSum, 8), (.wrongPrice, 4), (.incompleteReceiver, 8), (.noLines, 4), (.absurdQuantity, 3),
        (.unknownSeller, 2), (.abroad, 5), (.cashBeyondLimit, 3), (.cashFarAway, 4), (.cashForBespoke, 3),
    ]

    /// How often each is met among orders of partners.
    static let ofPartners: [(Story, weight: Int64)] = [
        (.ordinary, 595), (.everythingTwice, 40), (.placedAgainWithOtherContent, 5), (.callbacksBeforeRelease, 15),
        (.callbacksOutOfOrder, 40), (.twoParcels, 50), (.twoParcelsAsTotals, 30), (.short, 20),
        (.refusedByWarehouse, 15), (.backToSender, 8), (.lost, 4), (.cancelAgreed, 20), (.cancelRefused, 10),
        (.cancelledAfterShipping, 8), (.fewerUnits, 20), (.otherReceiver, 15), (.scarce, 15), (.unknownSKU, 12),
        (.wrongSum, 8), (.wrongPrice, 25),
        (.incompleteReceiver, 25), (.noLines, 4), (.absurdQuantity, 3), (.unknownSeller, 3), (.cardsOnAccount, 6),
        (.beyondAccount, 5),
    ]

    /// The order itself is one that can't be accepted as it is.
    public var isInvalid: Bool {
        switch self {
        case .unknownSKU, .unlistedSKU, .wrongSum, .wrongPrice, .incompleteReceiver, .noLines, .absurdQuantity,
            .unknownSeller, .abroad, .cashBeyondLimit, .cashFarAway, .cashForBespoke:
            true
        default: false
        }
    }

    /// The buyer orders twice, and wants one parcel.
    public var isOfTwoOrders: Bool {
        switch self {
        case .oneParcel, .oneParcelByStaff, .outOfParcel, .cancelledFromParcel: true
        default: false
        }
    }

    /// Somebody thinks again while a warehouse has it.
    var isChangedAtWarehouse: Bool {
        switch self {
        case .fewerUnits, .otherReceiver, .outOfParcel, .cancelledFromParcel: true
        default: false
        }
    }
}
