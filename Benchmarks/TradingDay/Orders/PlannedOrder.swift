/// An order as its buyer and its seller know it, with what is going to happen to it.
public struct PlannedOrder: Sendable {
    /// A line.
    public struct Line: Sendable {
        /// Counts from 1.
        public var number: Int64
        /// What.
        public var article: Catalogue.Article
        /// Units.
        public var quantity: Int64
        /// Minor units.
        public var price: Int64
    }

    /// `<seller>/<number>`
    public var number: String
    /// What happens.
    public var story: Story
    /// Sold by a partner.
    public var isExternal: Bool
    /// Channel or partner.
    public var seller: String
    /// What is bought.
    public var lines: [Line]
    /// Minor units.
    public var discount: Int64
    /// Minor units.
    public var shipping: Int64
    /// `online`, `cash_on_delivery`, `prepaid`, `on_account`
    public var term: String
    /// Who takes the payment.
    public var gateway: String
    /// 0 to 99: decides what a story leaves open.
    public var luck: Int64
    /// Who buys, as the seller knows him.
    public var buyer: String
    /// Where the buyer lives.
    public var home: Home
    /// What the buyer has to say.
    public var remark: String?
    /// The order that the buyer wants it to come with.
    public var companion: String?
    /// Milliseconds from the start of the day.
    public var placedAt: Int64

    /// Minor units.
    public var goods: Int64 { lines.reduce(0) { $0 + $1.quantity * $1.price } }
    /// What the buyer has to pay, minor units.
    public var payable: Int64 { goods - discount + shipping }
    /// The app's payments are authorised first, and captured when we ask for it.
    public var isAuthorizedFirst: Bool { seller == "app" }
    /// Who sends what the seller has to say.
    public var sender: Sender {
        Sender((isExternal ? "partner-" : "storefront-") + seller, .structured)
    }
}
