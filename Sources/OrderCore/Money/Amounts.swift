/// The sums of an order, all in minor units of its one currency.
public struct Amounts: Hashable, Sendable {
    /// Σ quantity × unit price.
    public var goods: Int64
    /// Promotions and coupons.
    public var discount: Int64
    /// Points, gift cards, member credit.
    public var deduction: Int64
    /// What shipping costs the buyer.
    public var shipping: Int64
    /// Tax on top of the prices.
    public var tax: Int64

    /// Makes the sums of an order; what is not given is zero.
    public init(goods: Int64 = 0, discount: Int64 = 0, deduction: Int64 = 0, shipping: Int64 = 0, tax: Int64 = 0) {
        self.goods = goods
        self.discount = discount
        self.deduction = deduction
        self.shipping = shipping
        self.tax = tax
    }

    /// `goods − discount − deduction + shipping + tax`, or `nil` where that is negative or over the limit.
    public var payable: Int64? {
        let parts = [goods, discount, deduction, shipping, tax]
        guard parts.allSatisfy({ (0...Limits.amountMinor).contains($0) }) else { return nil }
        let sum = goods - discount - deduction + shipping + tax
        return (0...Limits.amountMinor).contains(sum) ? sum : nil
    }
}

/// The bounds of the wire contract that the domain relies on: sums of anything within them cannot overflow.
public enum Limits {
    /// Largest amount, in minor units.
    public static let amountMinor: Int64 = 1_000_000_000_000_000
    /// Largest quantity of a line.
    public static let quantity: Int64 = 1_000_000
    /// Most lines of an order.
    public static let lines = 2_000
    /// Most payment facts of an order: sums of so many of the largest amount still fit.
    public static let paymentFacts = 4_000
}
