import OrderStore
import Testing

@testable import OrderCore

@Suite("Rows of every type")
struct RowTests {
    /// An order in which every field of every row is set to something of its own.
    static func fullOrder() -> OrderState {
        var order = Order(
            number: "SHOP/α-1", kind: .external, paymentTerm: .onAccount, currency: .cny, status: .partiallyShipped,
            contentHash: ContentHash(high: .max, low: 1), placedAt: .noon)
        order.version = 1
        order.attempt = 2
        order.amounts = Amounts(goods: 1_000, discount: 10, deduction: 20, shipping: 30, tax: 40)
        order.payable = 1_040
        order.claimedPayable = -5
        order.due = 900
        order.reversed = 140
        order.money.authorized = 1
        order.money.captured = 1_100
        order.money.refunded = 2
        order.money.refundPending = 3
        order.money.chargedBack = 4
        order.paymentState = .overpaid
        order.paidBefore = 250
        order.isValidated = true
        order.isCancelling = true
        order.isReceiptAnnounced = true
        order.isReviewDone = true
        order.isProductionRequested = true
        order.isScreened = true
        order.shippedAt = Timestamp(microseconds: -1)
        order.deliveredAt = Timestamp(microseconds: 1)
        order.receivedAt = Timestamp(microseconds: 253_402_300_799_999_999)
        order.merging = .waiting(key: "k", until: .noon)
        order.releaseAt = Timestamp(microseconds: 0)
        order.shipsFrom = Timestamp(microseconds: 2)
        var place = Backorder()
        place.rank = -3
        place.since = Timestamp(microseconds: 3)
        place.keepsTurn = true
        let split = StockKey(sku: "a@\"SKU", warehouse: "WH1")
        place.units = [split: 5, StockKey(sku: "b", warehouse: "WH1"): 3]
        place.parts = [split: "SHOP \"α\""]
        place.takesParts = true
        place.passedOver = ["a@\"SKU"]
        order.backorder = place
        order.eventCounts = ["erp": 3, "wms-north \"x\"\n": 1]
        var state = OrderState(new: order)
        var contact = OrderContact(orderNumber: order.number, receiver: Receiver())
        contact.keyID = 0
        contact.receiver.name = "\u{1F600} name"
        contact.receiver.phone = "phone"
        contact.receiver.country = "country"
        contact.receiver.province = "province"
        contact.receiver.city = "city"
        contact.receiver.district = "district"
        contact.receiver.address = "address"
        contact.receiver.postalCode = "postal code"
        contact.buyer = "buyer"
        contact.remark = ""
        state.contact.insert(contact)
        var line = OrderLine(number: 7, sku: "a SKU", type: .madeToOrder, quantity: 10, unitPrice: 11)
        line.share = 12
        line.cancelled = 3
        line.shipped = 4
        line.returned = 2
        line.produced = 5
        state.lines.insert(line)
        state.lines.insert(OrderLine(number: 8, sku: "", type: .virtual, quantity: 0, unitPrice: 0))
        let key = PaymentFact.Key(gateway: "g", transaction: "t", kind: .chargeBackWon, reference: "")
        state.facts.insert(
            PaymentFact(
                key: key, amount: 5, isCumulative: true, currency: .none, occurredAt: .noon, sequence: 1,
                requestID: "SHOP/α-1-R1"))
        var request = MoneyRequest(
            requestID: "SHOP/α-1-V1", kind: .void, gateway: "g", transaction: "t", amount: 9, reason: "excess",
            requestedAt: .noon)
        request.state = .inDoubt
        request.tries = 4
        state.requests.insert(request)
        var hold = Hold(
            number: 1, reason: .shippedAfterCancel, path: "lines[2].sku", detail: "detail", openedAt: .noon,
            openedBy: "ann")
        hold.closedAt = .noon
        hold.closedBy = "bob"
        hold.closing = .overridden
        hold.closingReason = "because"
        state.holds.insert(hold)
        state.holds.insert(
            Hold(number: 2, reason: .manual, detail: "", openedAt: Timestamp(microseconds: 5), openedBy: ""))
        var fulfilment = Fulfilment(id: "SHOP/α-1-F1", orderNumber: order.number, warehouse: "WH1")
        fulfilment.state = .returnedToSender
        fulfilment.cancel = .unanswered
        fulfilment.requestNumber = 3
        fulfilment.unanswered = 2
        fulfilment.workday = 20_778
        fulfilment.travelsIn = "SHOP/α-1-M1"
        fulfilment.leaveNumber = 2
        fulfilment.eventCounts = ["wms": 2]
        fulfilment.amend.state = .refused
        fulfilment.amend.request = 3
        fulfilment.amend.tries = 4
        fulfilment.amend.isOfReceiver = true
        fulfilment.amend.collect = 1_160
        fulfilment.collect = 1_210
        fulfilment.isCarrierByStaff = true
        state.fulfilments.insert(fulfilment)
        var part = FulfilmentLine(key: FulfilmentLine.Key("SHOP/α-1-F1", 7), sku: "a SKU", quantity: 9)
        part.reserved = 2
        part.shipped = 3
        part.cancelled = 4
        part.asked = 1
        state.fulfilmentLines.insert(part)
        var parcel = Parcel(
            key: Parcel.Key(warehouse: "WH1", shipment: "P,{}\"1"), fulfilment: "SHOP/α-1-F1", carrier: "SF",
            trackingNumber: "T1", shippedAt: .noon, lines: [7, 8], quantities: [3, 1])
        parcel.stopped = [0, 1]
        (parcel.weight, parcel.freight) = (1_250, 900)
        parcel.state = .lost
        parcel.deliveredAt = Timestamp(microseconds: 12_345)
        state.parcels.insert(parcel)
        state.parcels.insert(
            Parcel(
                key: Parcel.Key(warehouse: "WH1", shipment: "P2"), fulfilment: "SHOP/α-1-F1", carrier: nil,
                trackingNumber: nil, shippedAt: Timestamp(microseconds: 99), lines: [], quantities: []))
        return state
    }

    static func entry(_ state: OrderState) -> JournalEntry {
        var rows: [ChangedRow] = [.order(state.order)]
        rows += state.contact.all.map { .contact($0) }
        rows += state.lines.all.map { .line($0) }
        rows += state.facts.all.map { .fact($0) }
        rows += state.requests.all.map { .request($0) }
        rows += state.holds.all.map { .hold($0) }
        rows += state.fulfilments.all.map { .fulfilment($0) }
        rows += state.fulfilmentLines.all.map { .fulfilmentLine($0) }
        rows += state.parcels.all.map { .parcel($0) }
        return JournalEntry(
            orderNumber: state.order.number, version: state.order.version, at: .noon, by: "ann", cause: .test("m"),
            from: nil, to: state.order.status, why: "why", rows: rows)
    }

    static func check(_ state: OrderState, _ found: OrderState) {
        #expect(found.order == state.order)
        #expect(found.contact.all == state.contact.all)
        #expect(found.lines.all == state.lines.all)
        #expect(found.facts.all == state.facts.all)
        #expect(found.requests.all == state.requests.all)
        #expect(found.holds.all == state.holds.all)
        #expect(found.fulfilments.all == state.fulfilments.all)
        #expect(found.fulfilmentLines.all == state.fulfilmentLines.all)
        #expect(Set(found.parcels.all) == Set(state.parcels.all))
    }

    @Test("the order that these tests write leaves no field of the head at its default")
    func coversAllFields() {
        for child in Mirror(reflecting: Self.fullOrder().order).children {
            let isDefault = (child.value as? Bool) == false || (child.value as? [String: Int64])?.isEmpty == true
            #expect(!isDefault && "\(child.value)" != "nil" && "\(child.value)" != "0", "\(child.label ?? "")")
        }
    }

    @Test("an order with every field set is read back as it was written, and its journal folds to the same")
    func order() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let state = Self.fullOrder()
            var set = WorkingSet()
            set.orders[state.order.number] = state
            var changes = Changes()
            changes.journal = [Self.entry(state)]
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: set, changes: changes, owner: 1))
            var request = LoadRequest()
            request.orders = [state.order.number]
            let loaded = try store.load(request)
            Self.check(state, try #require(loaded.workingSet.orders[state.order.number]))
            try store.rollback()
            let queries = try database.queries()
            #expect(try queries.rebuild(state.order.number)?.differences == [])
        }
    }

    @Test("changed rows are updated, new ones added, and fields that were set can be empty again")
    func update() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            var state = Self.fullOrder()
            var set = WorkingSet()
            set.orders[state.order.number] = state
            var changes = Changes()
            changes.journal = [Self.entry(state)]
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: set, changes: changes, owner: 1))

            var request = LoadRequest()
            request.orders = [state.order.number]
            state = try #require(try store.load(request).workingSet.orders[state.order.number])
            state.mark = .updated
            state.order.version = 2
            state.order.shippedAt = nil
            state.order.claimedPayable = nil
            state.order.isCancelling = false
            state.order.merging = .apart
            state.order.eventCounts = [:]
            state.order.money = OrderMoney()
            state.contact.update(state.order.number) { $0.remark = nil }
            state.lines.update(7) { $0.shipped = 6 }
            state.lines.insert(OrderLine(number: 9, sku: "n", type: .physical, quantity: 1, unitPrice: 1))
            state.requests.update("SHOP/α-1-V1") { $0.state = .settled }
            state.holds.update(2) {
                $0.closedAt = .noon
                $0.closing = .fixed
            }
            state.fulfilments.update("SHOP/α-1-F1") {
                $0.state = .shipped
                $0.eventCounts["wms"] = 3
            }
            state.fulfilmentLines.update(FulfilmentLine.Key("SHOP/α-1-F1", 7)) { $0.reserved = 0 }
            state.parcels.update(Parcel.Key(warehouse: "WH1", shipment: "P2")) { $0.state = .delivered }
            var set2 = WorkingSet()
            set2.orders[state.order.number] = state
            changes.journal = [Self.entry(state)]
            try store.write(BatchWrite(workingSet: set2, changes: changes, owner: 1))
            let queries = try database.queries()
            Self.check(state, try #require(try queries.order(state.order.number, withContact: true)))
            #expect(try queries.rebuild(state.order.number)?.differences == [])
        }
    }

    @Test("reference data is read back as written, and an older revision has no effect")
    func reference() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            var product = Product(sku: "A", revision: 5, isListed: false, type: .virtual)
            product.prices = ["*": 100, "SHOP \"1\"": 0]
            product.priceCurrency = "CNY"
            product.title = "title"
            product.weight = 12
            product.volume = 34
            product.supplier = "S"
            product.temperature = "cold"
            product.floorPrice = 56
            product.presaleUntil = .noon
            var warehouse = Warehouse(code: "W", revision: 2, isActive: false, priority: 7)
            warehouse.title = "title"
            warehouse.areas = ["杭州", "a \"b\""]
            warehouse.parcelCosts = ["*": 9, "杭州": 0]
            var policy = StorePolicy()
            policy.onInvalid = .hold
            policy.paymentTimeout = 1
            policy.paymentTolerance = 2
            policy.priceTolerance = 3
            policy.releaseDelay = 4
            policy.capture = .onShip
            policy.onShort = .hold
            policy.allowsSplitBackorders = true
            policy.receipt = .confirmed
            policy.autoReceiveAfterDelivery = 5
            policy.autoReceiveAfterShipping = 6
            policy.reviewWindow = 7
            policy.noAnswerAfter = 8
            policy.inDoubtAfter = 9
            policy.handOverInDoubtAfter = 11
            policy.cashWithin = 10
            let channel = Seller(.internal, code: "C", revision: 1, isActive: false, policy: policy)
            let partner = Seller(.external, code: "C", revision: 1, isActive: true, policy: policy)
            var old = product
            old.revision = 4
            old.title = "old"
            var changes = Changes()
            changes.reference = [.product(product), .warehouse(warehouse), .seller(channel), .seller(partner)]
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: changes, owner: 1))
            changes.reference = [.product(old)]
            _ = try store.load(LoadRequest())
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: changes, owner: 1))
            var request = LoadRequest()
            request.skus = ["A", "unknown"]
            let data = try store.load(request).workingSet.reference
            #expect(data.products == ["A": product])
            #expect(data.warehouses == ["W": warehouse])
            #expect(data.sellers == [channel.key: channel, partner.key: partner])
        }
    }
}
