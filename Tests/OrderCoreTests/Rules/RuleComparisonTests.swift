import Testing

@testable import OrderCore

@Suite("Rules compared with others")
struct RuleComparisonTests {
    private static let contact = {
        var contact = OrderContact(orderNumber: "shop/1", receiver: Receiver())
        contact.receiver.province = "台湾省"
        return contact
    }()

    /// An order of two lines over 200.
    private static func subject(_ term: PaymentTerm = .online) -> RuleSubject {
        var order = Order(
            number: "shop/1", kind: .internal, paymentTerm: term, currency: .none, status: .completed,
            contentHash: ContentHash(high: 0, low: 0), placedAt: Timestamp(microseconds: 0))
        order.payable = 200
        order.amounts.goods = 200
        let lines = [1, 2].map {
            OrderLine(number: $0, sku: "S\($0)", type: .physical, quantity: 1, unitPrice: 100)
        }
        return RuleSubject(order, lines: lines, contact: contact, products: [:], now: order.placedAt)
    }

    private static func rules(_ rules: Rule..., edit: (inout RuleSet) -> Void = { _ in }) -> RuleBook {
        var set = RuleSet(label: "test")
        set.rules = rules
        edit(&set)
        return RuleBook(set)
    }

    private static func source(_ edit: (inout SourceAction) -> Void) -> RuleBook {
        var step = SourceAction.Step()
        step.warehouses = ["east"]
        var action = SourceAction(steps: [step])
        edit(&action)
        return rules(.made("usual", .source, .all([]), .source(action)))
    }

    private func changes(
        _ now: RuleBook, _ proposed: RuleBook, _ subject: RuleSubject = subject(), _ parts: RuleSubject.Part...
    ) -> [String] {
        RuleComparison(now, with: proposed).changes(subject, parts: parts)
            .map { "\($0.phase.rawValue) \($0.rule): \($0.isNew ? "new" : "no more"): \($0.effect)" }
    }

    @Test(
        "whatever of a source rule is other would change the order, and the words tell it apart",
        arguments: [
            source { $0.costs = "freight" }, source { $0.distances = "roads" }, source { $0.steps[0].isToday = true },
            source { $0.mostAgain = 1 }, source { $0.unanswered = 2 }, source { $0.steps[0].isPartial = true },
            source { $0.forbidden = ["north"] }, source { $0.waits = true },
        ])
    func sourcing(_ proposed: RuleBook) {
        let told = changes(Self.source { _ in }, proposed)
        #expect(told.count == 2)
        #expect(told.first == "source usual: no more: source from east")
        #expect(
            told.last?.hasPrefix("source usual: new: source from east") == true && told.last?.hasSuffix("east") == false
        )
        #expect(changes(proposed, proposed).isEmpty)
    }

    @Test("a hold that tells people something else is another one")
    func details() {
        let now = Self.rules(.made("high", .review, .all([]), .hold(.highValue, detail: "大额")))
        let proposed = Self.rules(.made("high", .review, .all([]), .hold(.highValue, detail: "look twice")))
        #expect(
            changes(now, proposed) == [
                "review high: no more: hold high_value: 大额", "review high: new: hold high_value: look twice",
            ])
    }

    @Test("a carrier is chosen for each part, and may have no route to the receiver")
    func carriers() {
        let heavy = RuleCondition.order(.warehouse, .isIn(["north"]))
        let now = Self.rules(.made("usual", .carrier, .all([]), .carrier("sf")))
        let proposed = Self.rules(
            .made("a-north", .carrier, heavy, .carrier("yto")), .made("usual", .carrier, .all([]), .carrier("sf")))
        let east = RuleSubject.Part(warehouse: "east", quantities: [1: 1])
        let north = RuleSubject.Part(warehouse: "north", quantities: [2: 1])
        #expect(changes(now, proposed).isEmpty, "an order without parts needs no carrier")
        #expect(changes(now, proposed, Self.subject(), east).isEmpty)
        let told = ["carrier usual: no more: carrier sf", "carrier a-north: new: carrier yto"]
        #expect(changes(now, proposed, Self.subject(), east, north) == told)
        #expect(changes(now, proposed, Self.subject(), north, north) == told, "each change of an order once")

        let closed = Self.rules(.made("usual", .carrier, .all([]), .carrier("sf"))) {
            var carrier = CarrierRule()
            carrier.excluded = ["台湾省"]
            $0.carriers = ["sf": carrier]
        }
        #expect(
            changes(now, closed, Self.subject(), east) == [
                "carrier usual: no more: carrier sf", "carrier usual: new: carrier sf, which has no route",
            ])
    }

    @Test("nothing is paid when an order is placed, and all of it when it is looked at before it goes out")
    func payment() {
        let unpaid = RuleCondition.order(.paymentState, .isIn(["unpaid"]))
        let paid = RuleCondition.order(.paymentReceived, .within(200...200))
        var refunded = Self.subject()
        refunded.order.money.captured = 500
        refunded.order.money.refunded = 500
        refunded.order.paymentState = .refunded
        let none = Self.rules()
        let proposed = Self.rules(
            .made("early", .validate, unpaid, .hold(.manual, detail: "")),
            .made("late", .review, paid, .hold(.manual, detail: "")),
            .made("never", .review, unpaid, .hold(.manual, detail: "")))
        let told = ["validate early: new: hold manual", "review late: new: hold manual"]
        #expect(changes(none, proposed, refunded) == told)
        let later = ["validate early: new: hold manual", "review never: new: hold manual"]
        #expect(changes(none, proposed, Self.subject(.cashOnDelivery)) == later)
    }

    @Test("of several rules that set a time the first counts")
    func times() {
        let slow = Rule.made(
            "b", .timing, .all([]), .wait(.paymentTimeout, seconds: 60), .wait(.releaseDelay, seconds: 5))
        let slower = Rule.made("c", .timing, .all([]), .wait(.paymentTimeout, seconds: 90))
        let first = Rule.made("a", .timing, .all([]), .wait(.paymentTimeout, seconds: 30))
        #expect(changes(Self.rules(slow), Self.rules(slow, slower)).isEmpty)
        #expect(
            changes(Self.rules(slow), Self.rules(slow, first)) == [
                "timing b: no more: paymentTimeout 60 s", "timing a: new: paymentTimeout 30 s",
            ])
    }

    @Test("lists, tables, warehouses, carriers, shares and the zone that are other are told one by one")
    func besideRules() {
        var old = RuleSet(label: "old")
        old.lists = ["areas": RuleList(["西藏", "新疆"]), "old": RuleList(["A"])]
        var table = RuleTable()
        table.add(.init(from: "east", to: "*"), .init(value: 900))
        table.add(.init(from: "north", to: "*"), .init(value: 900))
        old.tables = ["freight": table]
        var warehouse = WarehouseRule()
        (warehouse.capacity, warehouse.cutOff) = (800, 960)
        old.warehouses = ["north": warehouse]
        old.carriers = ["sf": CarrierRule()]
        #expect(old.differences(from: old).isEmpty)

        var new = old
        new.zoneSeconds = 28_800
        new.lists = ["areas": RuleList(["西藏", "青海", "甘肃"]), "new": RuleList(["A"])]
        new.tables["freight"]?.add(.init(from: "north", to: "*"), .init(upTo: 1000, value: 700))
        new.tables["freight"]?.add(.init(from: "south", to: "*"), .init(value: 700))
        new.warehouses["north"]?.capacity = 500
        new.warehouses["north"]?.cutOff = nil
        new.carriers["sf"]?.excluded = ["台湾省"]
        new.shares = [StockShare(parts: ["shop": .percent(50)])]
        let told = new.differences(from: old).map {
            "\($0.kind.rawValue) \($0.name) \($0.change.rawValue): \($0.detail)"
        }
        #expect(
            told == [
                "zone  changed: 0 s east of UTC, now 28800 s",
                "list areas changed: 2 entries came, 1 entry went", "list new new: ", "list old no more: ",
                "table freight changed: 1 way came, 1 way changed",
                "warehouse north changed: capacity 800, now 500; cutOff 16:00, now none",
                "carrier sf changed: 1 excluded area came", "stockShares  new: 0 before, now 1",
            ])
    }
}
