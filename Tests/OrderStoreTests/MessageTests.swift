import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("Messages that wait, and messages that are wrong")
struct MessageTests {
    static func payment(_ number: String) -> Message {
        let report = PaymentReport(
            orderNumber: number,
            key: PaymentFact.Key(gateway: "g", transaction: "t", kind: .captured, reference: "r"), amount: 100,
            currency: .cny, occurredAt: .noon)
        return .test("paid \(number)", .payment(report), businessKey: "paid \(number)")
    }

    @Test("a fact that waits for an order is loaded with it, and its row goes when it is applied")
    func parked() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let payment = Self.payment("SHOP/1")
            try store.run([payment])
            let queries = try database.queries()
            #expect(try queries.outcome(of: payment.identity)?.outcome == .parked)
            #expect(try queries.parked().map(\.waitsFor) == ["order"])
            #expect(try store.claimParked().isEmpty)

            var request = LoadRequest()
            request.placed = ["SHOP/1"]
            let record = try #require(try store.load(request).parked.first)
            #expect(record.identity == payment.identity)
            #expect(record.message.queue == "q")
            var changes = Changes()
            changes.unparked = [payment.identity]
            changes.outcomes = [(payment.identity, .done)]
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: changes, owner: 1))
            #expect(try queries.parked().isEmpty)
            #expect(try queries.outcome(of: payment.identity)?.outcome == .done)
            #expect(try database.count("message_log WHERE id = 'paid SHOP/1'") == 2)
        }
    }

    @Test("a fact and its order that crossed are found by the sweep, also a fact that names a parcel alone")
    func sweep() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            try store.run([Shop.placed("SHOP/1", skus: ["A"])])
            #expect(try store.claimParked().isEmpty)
            // Parked by a lane that did not see the order.
            let raw = RawMessage(queue: "q", type: "t", headers: ["x-\"1\"": "å\n"], body: [0, 255])
            var fact = ParkedRecord(
                identity: .test("crossed"), orderNumber: "SHOP/1", waitsFor: "order", message: raw, receivedAt: .noon,
                deadline: .noon)
            var later = fact
            later.identity = .test("later")
            later.retryAt = Timestamp(microseconds: 4_000_000_000_000_000)
            try store.run([]) { batch in batch.parked = [fact, later] }
            let claimed = try store.claimParked()
            #expect(claimed.map(\.identity) == [fact.identity] && claimed.map(\.claims) == [1])
            #expect(claimed.first?.message == raw)
            // Nobody else takes it meanwhile.
            #expect(try store.claimParked().isEmpty)
            var request = LoadRequest()
            request.orders = ["SHOP/1"]
            #expect(try store.load(request).parked.map(\.identity) == [fact.identity])
            try store.rollback()
            request.facts = [fact.identity]
            let loaded = try store.load(request)
            #expect(loaded.claimedFacts == [fact.identity] && loaded.parked.isEmpty)
            try store.rollback()

            fact.identity = .test("parcel")
            fact.orderNumber = nil
            fact.shipment = "P1"
            fact.waitsFor = "parcel P1"
            try store.run([]) { batch in
                batch.changes.unparked = [.test("crossed"), .test("later")]
                batch.parked = [fact]
            }
            #expect(try store.claimParked().isEmpty)
            try database.connect().execute(
                """
                INSERT INTO parcels
                    (order_number, warehouse, shipment, fulfilment_id, shipped_at, state, lines, quantities, stopped)
                VALUES ('SHOP/1', 'WH1', 'P1', 'SHOP/1-F1', now(), 'shipped', '{1}', '{1}', '{0}')
                """)
            #expect(try store.claimParked().map(\.orderNumber) == ["SHOP/1"])
            let name = ParcelName(warehouse: nil, shipment: "P1")
            #expect(
                try store.orders(ofParcels: [ParcelName(warehouse: "X", shipment: "P1"), name]) == [name: ["SHOP/1"]])
        }
    }

    @Test("a fact whose order has come and that is still too early is not swept again")
    func stillEarly() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            let received = OrderRequest(kind: .reviewed, orderNumber: "SHOP/1", requestID: "r", occurredAt: .noon)
            let early = Message.test("early", .request(received))
            try store.run([early])
            try store.run([Shop.placed("SHOP/1", skus: ["A"])])
            // As the two batches would leave it that did not see each other.
            try database.connect().execute("UPDATE parked SET waits_for = 'order'")
            #expect(try store.claimParked().map(\.identity) == [early.identity])
            // The claim is over, and nobody has looked.
            try database.connect().execute("UPDATE parked SET claimed_at = now() - interval '1 hour'")
            #expect(try store.claimParked().map(\.claims) == [2])
            var request = LoadRequest()
            request.orders = ["SHOP/1"]
            let loaded = try store.load(request)
            #expect(loaded.parked.map(\.identity) == [early.identity])
            try store.write(BatchWrite(workingSet: loaded.workingSet, changes: Changes(), owner: 1))
            #expect(try store.claimParked().isEmpty)
            #expect(try store.load(request).parked.count == 1)
        }
    }

    @Test("a dead message is kept whole, known again, and settled once")
    func dead() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let raw = RawMessage(queue: "orders.internal", type: "t", headers: ["h": "v"], body: [1, 2, 0])
            let known = DeadRecord(
                identity: .test("bad"), message: raw, bodyHash: .test(1), reason: "no JSON", fingerprint: "json")
            let nameless = DeadRecord(
                identity: nil, message: raw, bodyHash: .test(2), reason: "no id", fingerprint: "id")
            var request = LoadRequest()
            request.arrivals = [LoadRequest.Arrival(identity: .test("bad"), contentHash: .test(1))]
            _ = try store.load(request)
            let counts = try store.countFaults(["json": 1, "id": 2])
            #expect(counts.mapValues(\.count) == ["json": 1, "id": 2])
            var batch = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1)
            batch.dead = [known, nameless, nameless]
            try store.write(batch)
            _ = try store.load(LoadRequest())
            #expect(try store.countFaults(["id": 1])["id"]?.count == 3)
            try store.announceFaults(["id"])
            batch.dead = [nameless]
            try store.write(batch)

            let queries = try database.queries()
            #expect(try queries.outcome(of: .test("bad"))?.outcome == .dead)
            let groups = try queries.deadGroups()
            #expect(groups.map(\.fingerprint) == ["id", "json"])
            #expect(groups.map(\.deliveries) == [3, 1])
            let message = try #require(try queries.dead().first { $0.fingerprint == "json" })
            #expect(message.message == raw)
            #expect(message.identity == .test("bad"))

            // A replay: the same id, its outcome flipped in the transaction that settles it. What has no id can't be.
            _ = try store.load(LoadRequest())
            #expect(try store.settleDead(Self.settle(.replay, fingerprint: "json")) == 1)
            #expect(try store.settleDead(Self.settle(.replay, fingerprint: "json")) == 0)
            #expect(try store.settleDead(Self.settle(.replay, fingerprint: "id")) == 0)
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1))
            #expect(try queries.outcome(of: .test("bad"))?.outcome == .parked)
            let settled = try #require(try queries.deadMessage(message.number))
            #expect(settled.state == "replayed" && settled.settledBy == "ann")
            let again = try #require(try store.claimParked().first)
            #expect(again.identity == .test("bad") && again.message == raw && again.isReplayed)

            // A replay that dies again is counted on the same record, and waits for another decision.
            request.facts = [again.identity]
            _ = try store.load(request)
            batch.dead = [known]
            batch.changes.unparked = [again.identity]
            try store.write(batch)
            #expect(try queries.outcome(of: .test("bad"))?.outcome == .dead)
            #expect(try queries.parked().isEmpty)
            let dead = try #require(try queries.deadMessage(message.number))
            #expect(dead.state == "dead" && dead.tries == 2 && dead.deliveries == 1 && dead.settledBy == nil)
            #expect(try queries.dead().filter { $0.identity == .test("bad") }.count == 1)
            let decisions = try queries.deadDecisions(message.number)
            #expect(decisions.map(\.attempt) == [1] && decisions.map(\.decision) == ["replayed"])
            #expect(decisions.map(\.decidedBy) == ["ann"] && decisions.map(\.why) == ["mended"])

            _ = try store.load(LoadRequest())
            #expect(try store.settleDead(Self.settle(.drop, fingerprint: "id")) == 1)
            try store.write(BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1))
            var dropped = DeadFilter()
            dropped.state = "dropped"
            #expect(try queries.dead(dropped).map(\.fingerprint) == ["id"])

            // What was given up and comes again is the same record too.
            _ = try store.load(LoadRequest())
            batch.dead = [nameless]
            batch.changes.unparked = []
            try store.write(batch)
            let back = try #require(try queries.dead().first { $0.fingerprint == "id" })
            #expect(back.tries == 2 && back.deliveries == 4)
            #expect(try queries.deadDecisions(back.number).map(\.decision) == ["dropped"])
        }
    }

    private static func settle(_ kind: DeadLetterCommand.Kind, fingerprint: String) -> DeadLetterCommand {
        DeadLetterCommand(kind: kind, ids: [], fingerprint: fingerprint, by: "ann", reason: "mended")
    }

    @Test("crash marks are counted, committed at once, and cleared with the outcome")
    func crashMarks() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            #expect(try store.markCrash("m") == 1)
            #expect(try store.markCrash("m") == 2)
            #expect(try database.store().crashMarks(of: ["m", "n"]) == ["m": 2])
            try store.run([]) { batch in batch.clearedMarks = ["m"] }
            #expect(try store.crashMarks(of: ["m"]).isEmpty)
        }
    }
}
