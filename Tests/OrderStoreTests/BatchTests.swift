import OrderStore
import Postgres
import TestServers
import Testing

@testable import OrderCore

@Suite("A batch's two flights")
struct BatchTests {
    @Test(
        "an order that is placed, paid and shipped is stored with all its parts, and its journal folds to the same rows"
    )
    func lifeOfAnOrder() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A", "B"], onHand: 10))
            try store.run([Shop.placed("SHOP/1", skus: ["A", "B"], term: .online)])
            let captured = PaymentReport(
                orderNumber: "SHOP/1",
                key: PaymentFact.Key(gateway: "g", transaction: "t", kind: .captured, reference: "r"), amount: 200,
                currency: .cny, occurredAt: .noon)
            try store.run([.test("paid", .payment(captured), businessKey: "g t captured r")])
            var shipped = FulfilmentReport(
                kind: .shipped, orderNumber: "SHOP/1", fulfilment: "SHOP/1-F1", warehouse: "WH1", occurredAt: .noon)
            shipped.shipment = "P1"
            shipped.carrier = "SF"
            shipped.lines = [LineQuantity(line: 1, quantity: 1)]
            try store.run([.test("shipped", .fulfilment(shipped), businessKey: "WH1 P1")])

            let queries = try database.queries()
            let order = try #require(try queries.order("SHOP/1", withContact: true))
            #expect(order.order.status == .partiallyShipped)
            #expect(order.order.paymentState == .paid)
            #expect(order.contact.all.first?.receiver == OrderPlaced.test("SHOP/1", skus: []).receiver)
            #expect(order.parcels.all.map(\.lines) == [[1]])
            #expect(order.fulfilmentLines.all.map(\.shipped) == [1, 0])
            #expect(try queries.order("SHOP/1")?.contact.all.isEmpty == true)
            let rebuilt = try #require(try queries.rebuild("SHOP/1"))
            #expect(rebuilt.differences == [])
            #expect(rebuilt.order == order.order)

            let journal = try queries.journal(of: "SHOP/1")
            #expect(journal.map(\.version) == Array(1...order.order.version))
            #expect(journal.last?.to == "partially_shipped")
            let events = try queries.events(of: "SHOP/1")
            #expect(events.contains { $0.type == "fulfilment.requested.v1" && $0.subject == "SHOP/1-F1" })
            #expect(try queries.messages(of: "SHOP/1").map(\.outcome) == ["done", "done", "done"])
            let stock = try queries.stock(sku: "A")
            #expect(stock.map(\.onHand) == [9] && stock.map(\.reserved) == [0])
            let sums = try database.count(
                """
                stock AS s WHERE on_hand <> (SELECT sum(on_hand) FROM stock_journal AS j WHERE j.sku = s.sku)
                    OR reserved <> (SELECT sum(reserved) FROM stock_journal AS j WHERE j.sku = s.sku)
                """)
            #expect(sums == 0)
        }
    }

    @Test("200 orders are placed in one batch and loaded in another")
    func manyOrders() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A", "B"], onHand: 1_000))
            let messages = (1...200).map { Shop.placed("SHOP/\($0)", skus: ["A", "B"]) }
            let result = try store.run(messages).result
            #expect(Set(result.eventIDs).count == result.eventIDs.count)
            var request = LoadRequest()
            request.orders = Set((1...200).map { "SHOP/\($0)" })
            let loaded = try store.load(request)
            try store.rollback()
            #expect(loaded.workingSet.orders.count == 200)
            #expect(
                loaded.workingSet.orders.values.allSatisfy { $0.lines.all.count == 2 && $0.order.status == .released })
            #expect(try database.queries().stock(sku: "B").map(\.reserved) == [200])
        }
    }

    @Test("a message that was taken before comes back as seen, with its outcome and the hash it had")
    func seen() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            let first = Shop.placed("SHOP/1", skus: ["A"])
            try store.run([first])
            var other = first
            other.contentHash = .test(7)
            let loaded = try store.load(.test([other, Shop.placed("SHOP/2", skus: ["A"])]))
            #expect(loaded.seen.count == 1)
            #expect(loaded.seen[first.identity]?.outcome == .done)
            #expect(loaded.seen[first.identity]?.contentHash == first.contentHash)
            // The order is there although it was expected not to be: its parts are read all the same.
            #expect(loaded.workingSet.orders["SHOP/1"]?.lines.all.count == 1)
            try store.rollback()
            #expect(try database.count("inbox WHERE id = 'placed SHOP/2'") == 0)
        }
    }

    @Test("outcomes other than success stand in the inbox, with the reason")
    func outcomes() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            let command = StaffCommand(orderNumber: "SHOP/9", action: .note("x"), by: "ann", reason: "y")
            let message = Message.test("command", .command(command))
            try store.run([message])
            let seen = try #require(try database.queries().outcome(of: message.identity))
            #expect(seen.outcome == .refused)
            #expect(seen.reason?.contains("SHOP/9") == true)
        }
    }

    @Test("a business fact that another lane stores first makes the batch fail as one to be run again")
    func businessKeyRace() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            _ = try store.load(LoadRequest())
            let other = try database.connect()
            try other.execute(
                """
                INSERT INTO business_keys (key, content_hash, source, message_id, part)
                VALUES ('k', '00000000-0000-0000-0000-000000000000', 's', 'i', 0)
                """)
            var batch = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1)
            batch.changes.businessKeys = [BusinessKey(key: "k", contentHash: .test(1), message: .test("m"))]
            let error = try #require(throws: StoreError.self) { try store.write(batch) }
            #expect(error.policy == .retryBatch)
            try store.rollback()
            #expect(try store.load(LoadRequest()).seen.isEmpty)
        }
    }

    @Test("a batch whose transaction has failed is not committed")
    func failedTransaction() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            _ = try store.load(LoadRequest())
            #expect(throws: PostgresError.self) { try store.connection.query("SELECT 1 / 0") }
            let batch = BatchWrite(workingSet: WorkingSet(), changes: Changes(), owner: 1)
            let error = try #require(throws: StoreError.self) { try store.write(batch) }
            guard case .database(let cause) = error else { throw error }
            #expect(cause.code == .commitRefused)
            try store.rollback()
            _ = try store.load(LoadRequest())
            try store.write(batch)
        }
    }

    @Test("two lanes that name the same orders and stock in other orders wait for each other and never deadlock")
    func lockOrder() async throws {
        try await TestStore.useFromThreads { database in
            try await onThread {
                let store = try database.store()
                try store.run(Shop.messages(skus: (1...20).map { "S\($0)" }, onHand: 1_000))
                try store.run((1...40).map { Shop.placed("SHOP/\($0)", skus: ["S\($0 % 20 + 1)"]) })
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<3 {
                    group.addTask {
                        try await onThread {
                            let store = try database.store()
                            for round in 0..<25 {
                                let numbers = (1...40).shuffled().prefix(25)
                                let messages = numbers.map { number in
                                    Message.test(
                                        "note \(lane) \(round) \(number)",
                                        .command(
                                            StaffCommand(
                                                orderNumber: "SHOP/\(number)", action: .note("n"), by: "b", reason: "r")
                                        ),
                                        sender: .staff(roles: [.operations]))
                                }
                                try store.run(messages)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let notes = try await onThread { try database.count("order_journal WHERE by = 'b'") }
            #expect(notes == 3 * 25 * 25)
        }
    }

    @Test("a warehouse that another lane has just made known is known to the batch that meets its stock")
    func justKnown() async throws {
        try await TestStore.use { database in
            let (store, other) = (try database.store(), try database.store())
            try other.run(Shop.messages(skus: ["A"], onHand: 5))
            var request = LoadRequest()
            request.skus = ["A"]
            // It is not old enough to be read again for its age.
            #expect(try store.load(request).workingSet.reference.warehouses["WH2"] == nil)
            try store.rollback()
            try database.connect().execute(
                """
                INSERT INTO warehouses (code, revision, is_active, priority) VALUES ('WH2', 1, true, 1);
                INSERT INTO stock SELECT sku, 'WH2', on_hand, 0, safety, missing, low_threshold, counted_at, event_counts
                    FROM stock WHERE sku = 'A'
                """)
            let loaded = try store.load(request)
            #expect(Set(loaded.workingSet.stock.warehouses(of: "A")) == ["WH1", "WH2"])
            #expect(loaded.workingSet.reference.warehouses["WH2"] != nil)
        }
    }

    @Test("a row that reads back impossible leaves its order out and tells which column; the rest of the batch goes on")
    func impossibleRow() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            try store.run([Shop.placed("SHOP/1", skus: ["A"]), Shop.placed("SHOP/2", skus: ["A"])])
            try database.connect().execute(
                """
                ALTER TABLE fulfilments DROP CONSTRAINT fulfilments_state_check;
                UPDATE fulfilments SET state = 'teleported' WHERE order_number = 'SHOP/1'
                """)
            var request = LoadRequest()
            request.orders = ["SHOP/1", "SHOP/2"]
            let loaded = try store.load(request)
            #expect(Array(loaded.workingSet.orders.keys) == ["SHOP/2"])
            let fault = try #require(loaded.unreadable["SHOP/1"])
            #expect(fault.contains("fulfilments SHOP/1-F1: column state"))
            var batch = BatchWrite(workingSet: loaded.workingSet, changes: Changes(), owner: 1)
            #expect(loaded.newlyUnreadable == loaded.unreadable)
            batch.quarantined = loaded.newlyUnreadable
            try store.write(batch)
            #expect(try database.queries().quarantined().map(\.orderNumber) == ["SHOP/1"])
            #expect(try store.load(request).newlyUnreadable.isEmpty)
            try store.rollback()
            // In quarantine until a person lets it out, though it can be read again.
            try database.connect().execute("UPDATE fulfilments SET state = 'released'")
            let repaired = try store.load(request)
            #expect(repaired.unreadable.isEmpty && repaired.workingSet.orders["SHOP/1"] != nil)
            #expect(repaired.workingSet.quarantined["SHOP/1"] == fault)
            var lift = BatchWrite(workingSet: repaired.workingSet, changes: Changes(), owner: 1)
            lift.changes.lifted = ["SHOP/1"]
            try store.write(lift)
            #expect(try store.load(request).workingSet.quarantined.isEmpty)
        }
    }

    @Test("rows that can be read, but can't stand together, leave their order out as well")
    func impossibleOrder() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.run(Shop.messages(skus: ["A"], onHand: 5))
            try store.run([Shop.placed("SHOP/1", skus: ["A"]), Shop.placed("SHOP/2", skus: ["A"])])
            try database.connect().execute(
                "UPDATE order_lines SET share = 9223372036854775807 WHERE order_number = 'SHOP/1'")
            var request = LoadRequest()
            request.orders = ["SHOP/1", "SHOP/2"]
            let loaded = try store.load(request)
            #expect(Array(loaded.workingSet.orders.keys) == ["SHOP/2"])
            #expect(loaded.unreadable == ["SHOP/1": "line 1 does not add up"])
            // Its page can still be looked at.
            #expect(try database.queries().order("SHOP/1")?.lines[1]?.share == .max)
        }
    }

    @Test("the worker's role can do a batch, and can't change a journal")
    func workerRole() async throws {
        try await TestStore.use { database in
            let store = try database.store()
            try store.connection.execute("SET ROLE orderflow_worker")
            let lane = try store.takeLaneNumber(instance: "test")
            try store.run(Shop.messages(skus: ["A"], onHand: 5), owner: lane)
            try store.run([Shop.placed("SHOP/1", skus: ["A"])], owner: lane)
            _ = try store.claimDue(limit: 10, paymentsQueue: "payments.callbacks")
            _ = try store.claimParked()
            _ = try store.adoptOutbox(for: lane)
            _ = try store.markCrash("x")
            try store.makePartitions(daysAhead: 8)
            _ = try store.purgeInbox(receivedBefore: Timestamp(microseconds: 0))
            #expect(throws: PostgresError.self) { try store.connection.query("UPDATE order_journal SET why = ''") }
        }
    }
}
