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
    /// Where the buyer lives.
    public var home: Home
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

/// Where somebody lives.
public struct Home: Sendable {
    var name: String
    var phone: String
    var province: String
    var city: String
    var district: String
    var address: String

    static let names = ["王小明", "李娜", "陈思远", "张伟", "Maria Schmidt", "刘洋", "周杰", "O'Neil \"Sam\"", "赵敏", "孙丽"]
    static let places = [
        ("上海市", "上海市", "浦东新区"), ("广东省", "广州市", "天河区"), ("北京市", "北京市", "朝阳区"),
        ("浙江省", "杭州市", "西湖区"), ("四川省", "成都市", "武侯区"), ("湖北省", "武汉市", "洪山区"),
    ]

    init(_ seed: inout Seed) {
        name = Self.names[Int(seed.number(0...Int64(Self.names.count - 1)))]
        (province, city, district) = Self.places[Int(seed.number(0...Int64(Self.places.count - 1)))]
        phone = "138\(seed.number(10_000_000...99_999_999))"
        address = "中山路\(seed.number(1...999))号\(seed.number(1...30))楼"
    }
}
