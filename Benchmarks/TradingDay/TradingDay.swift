/// A day of trading, made from a seed: what shops, partners, gateways, warehouses, ERP and staff send.
///
/// The same settings give the same bytes. What is sent in answer to events is decided by ``OutsideWorld``.
public struct TradingDay: Sendable {
    /// What a day is made from.
    public struct Settings: Sendable {
        /// Another seed is another day.
        public var seed: UInt64 = 1
        /// How many orders are placed.
        public var orders = 2_000
        /// Over how many milliseconds they are placed.
        public var spanMilliseconds: Int64 = 12_000
        /// When the day begins, by the senders' clocks.
        public var start: Moment
        /// Receivers that rules name beside those of the wire contract.
        public var namedReceivers: Set<String> = []
        /// The broker user that staff commands are sent by.
        public var staffUser: String

        /// The defaults.
        public init(start: Moment, staffUser: String) {
            self.start = start
            self.staffUser = staffUser
        }
    }

    /// What it was made from.
    public let settings: Settings
    /// Who sells what.
    public let catalogue: Catalogue
    /// The orders.
    public let book: OrderBook
    /// Channels, partners, warehouses and products: to be known before anything else.
    public let reference: [OutsideMessage]
    /// Goods that arrive in the morning.
    public let stock: [OutsideMessage]
    /// What is sent whatever is heard.
    public let script: Script

    /// Makes a day.
    public init(_ settings: Settings) {
        self.settings = settings
        catalogue = Catalogue(seed: settings.seed)
        book = OrderBook(
            seed: settings.seed, orders: settings.orders, catalogue: catalogue,
            overMilliseconds: settings.spanMilliseconds)
        reference = catalogue.referenceMessages(at: settings.start)
        stock = catalogue.stockMessages(at: settings.start, seed: settings.seed)
        script = Script(
            book: book, start: settings.start, overMilliseconds: settings.spanMilliseconds, seed: settings.seed)
    }

    /// The sources of the day and the sellers they speak for, as the setting `security.sources` takes them.
    public var ownersOfSources: String {
        let shops = catalogue.channels.map { "storefront-\($0.code)=\($0.code)" }
        return (shops + catalogue.partners.map { "partner-\($0.code)=\($0.code)" }).joined(separator: ",")
    }
}
