/// Who sells, what is sold, and where it lies: what the systems outside know of each other.
public struct Catalogue: Sendable {
    /// A shop of our own or a partner.
    public struct Seller: Sendable {
        /// The first part of its order numbers.
        public var code: String
        /// For people.
        public var title: String
        /// Whether it may order.
        public var isActive = true
        /// Its policy, as the wire has it.
        public var policy: JSON
    }

    /// Something that is sold.
    public struct Article: Sendable {
        /// Its code.
        public var sku: String
        /// `physical`, `virtual`, `made_to_order`
        public var type: String
        /// List price, minor units.
        public var price: Int64
        /// May be sold.
        public var isListed = true
        /// Grams.
        public var weight: Int64 = 0
        /// The temperature class it travels in.
        public var temperature: String?
        /// Who ships it himself.
        public var supplier: String?
    }

    /// A place that ships.
    public struct Depot: Sendable {
        /// Its code.
        public var code: String
        /// For people.
        public var title: String
        /// The smaller, the earlier it is asked.
        public var priority: Int64
    }

    /// Shops of our own.
    public let channels: [Seller]
    /// Partners.
    public let partners: [Seller]
    /// Warehouses.
    public let depots: [Depot]
    /// What is ordinarily bought.
    public let goods: [Article]

    /// All prices are in it.
    public static let currency = "CNY"
    /// Bought by more than there is of it.
    public static let scarce = Article(sku: "LAST-UNITS", type: "physical", price: 19_900)
    /// How much there is of ``scarce``.
    public static let scarceUnits: Int64 = 40
    /// Counted short in the middle of the day.
    public static let miscounted = Article(sku: "MISCOUNTED", type: "physical", price: 4_900)
    /// Given with orders as long as there is some of it.
    public static let gift = Article(sku: "MUG", type: "physical", price: 3_900, weight: 350)
    /// Not for sale any more.
    public static let gone = Article(sku: "GONE", type: "physical", price: 9_900, isListed: false)
    /// Needs no warehouse.
    public static let card = Article(sku: "GIFT-CARD", type: "virtual", price: 10_000)
    /// Made when it is ordered.
    public static let bespoke = Article(sku: "BESPOKE-DESK", type: "made_to_order", price: 129_900)
    /// Its clocks are seconds long, so that a day's timers fire within the demo.
    public static let paymentTimeoutSeconds: Int64 = 4

    /// Makes the catalogue of a seed.
    public init(seed: UInt64) {
        var seed = Seed(seed ^ 0xCA7A_106E)
        let timeout = ("paymentTimeoutSeconds", JSON.number(Self.paymentTimeoutSeconds))
        channels = [
            Seller(code: "shop", title: "Web shop", policy: .object([timeout])),
            Seller(
                code: "app", title: "App, captures when it releases",
                policy: .object([timeout, ("capture", "on_release")])),
            Seller(
                code: "live", title: "Live stream, buyers may think again",
                policy: .object([timeout, ("releaseDelaySeconds", 2), ("paymentToleranceMinor", 10)])),
            Seller(
                code: "bazaar", title: "Marketplace, the buyer confirms",
                policy: .object([
                    timeout, ("receipt", "confirmed"), ("autoReceiveAfterDeliverySeconds", 3),
                    ("reviewWindowSeconds", 2),
                ])),
        ]
        partners = [
            Seller(code: "north-star", title: "North Star", policy: [:]),
            Seller(code: "blue-bay", title: "Blue Bay", policy: ["onShort": "hold"]),
            Seller(code: "old-mill", title: "Old Mill, suspended", isActive: false, policy: [:]),
        ]
        depots = [
            Depot(code: "east", title: "East", priority: 10), Depot(code: "south", title: "South", priority: 20),
            Depot(code: "north", title: "North", priority: 30),
        ]
        goods = (1...300).map { number in
            var article = Article(sku: "SKU-\(1_000 + number)", type: "physical", price: seed.number(5...800) * 100 - 1)
            article.weight = 200 + Int64(number) * 37 % 9_000
            // What lies in the first depot.
            if number % 90 == 2 { article.temperature = "cold" }
            if number % 60 == 33 { article.supplier = "bright-lamps" }
            return article
        }
    }

    /// What costs most.
    var dearest: Article { goods.max { $0.price < $1.price } ?? Self.scarce }

    /// Goods so far apart lie in the same depots.
    static let shelf = 3

    /// Everything that has a product message.
    public var articles: [Article] {
        goods + [Self.scarce, Self.miscounted, Self.gift, Self.gone, Self.card, Self.bespoke]
    }
}
