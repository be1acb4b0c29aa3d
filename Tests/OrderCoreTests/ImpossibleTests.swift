import OrderSimulator
import Testing

@testable import OrderCore

@Suite("What reads back impossible is shown to people, and never traps")
struct ImpossibleTests {
    @Test(
        "a move that the state machine does not know leaves the order where it is, held, and is in the journal",
        arguments: [OrderStatus.completed, .rejected, .awaitingReview])
    func impossibleTransition(status: OrderStatus) throws {
        var bench = Bench()
        bench.place()
        // Nothing of it is left to be stopped, and it has ended: no decision leaves the two together.
        bench.set.orders["web/1"]?.order.status = status
        bench.set.orders["web/1"]?.order.isCancelling = true
        bench.set.orders["web/1"]?.lines.updateAll { $0.cancelled = $0.quantity }
        bench.set.orders["web/1"]?.fulfilmentLines.updateAll { $0.cancelled = $0.quantity }
        var decider = Decider(bench.set, now: bench.now)
        #expect(decider.decide(bench.paying(.authorized, "web/1", 200)).isDone)
        let state = try #require(decider.set.orders["web/1"])
        #expect(state.order.status == status)
        #expect(state.openHolds.map(\.reason) == [.impossibleTransition])
        #expect(state.openHolds.first?.detail.hasPrefix("\(status.rawValue) → cancelled") == true)
        let entry = try #require(decider.changes.journal.last)
        #expect(entry.from == status)
        #expect(entry.to == status)
        #expect(entry.why.contains("held: impossible_transition"))
        #expect(!decider.changes.events.contains { $0.payload.name == "order.cancelled" })
    }

    @Test("a hold for an impossible move is closed by a person, never overridden")
    func closing() {
        var bench = Bench { $0.releaseDelay = 60 }
        bench.place()
        bench.pay(200)
        var decider = Decider(bench.set, now: bench.now)
        _ = decider.withOrder("web/1") { decider, state in
            #expect(!decider.transition(&state, to: .completed, "nothing stands in the way"))
            return .done
        }
        bench.set = decider.set
        decider = Decider(bench.set, now: bench.now)
        #expect(decider.decide(bench.commanding(.override(.impossibleTransition))).isRefused)
        #expect(decider.decide(bench.commanding(.release(.impossibleTransition))).isDone)
        #expect(decider.set.orders["web/1"]?.openHolds.isEmpty == true)
    }

    @Test("rows that no decision can have left are told, so that the order can be set aside")
    func impossibility() {
        var bench = Bench()
        bench.place()
        bench.pay(500)
        bench.command(.hold(detail: "look"))
        #expect(bench.state()?.impossibility == nil)
        func told(_ change: (inout OrderState) -> Void) -> String? {
            guard var state = bench.set.orders["web/1"] else { return nil }
            change(&state)
            return state.impossibility
        }
        #expect(told { $0.order.payable = .max } == "an amount is beyond the limit")
        #expect(told { $0.order.due = -1 } == "an amount is beyond the limit")
        #expect(told { $0.order.money.captured = .max } == "a payment sum is beyond the limit")
        #expect(told { $0.order.version = .max } == "a count is beyond the limit")
        #expect(told { $0.order.eventCounts["erp"] = .max } == "a count is beyond the limit")
        #expect(told { $0.lines.updateAll { $0.share = .max } } == "line 1 does not add up")
        #expect(told { $0.lines.updateAll { $0.cancelled = $0.quantity + 1 } } == "line 1 does not add up")
        #expect(told { $0.fulfilmentLines.updateAll { $0.reserved = .max } } == "line 1 of web/1-F1 does not add up")
        #expect(told { $0.fulfilments = Rows() } == "there is no web/1-F1")
        #expect(told { $0.fulfilments.update("web/1-F1") { $0.requestNumber = .max } } != nil)
        #expect(told { $0.holds = Rows(stored: $0.holds.all.map { $0.numbered(2) }) } == "hold 1 is missing")
        #expect(told { $0.requests = Rows(stored: $0.requests.all.map { $0.named("x-R2") }) } == "refund 1 is missing")
        bench.verify()
    }
}

extension Hold {
    fileprivate func numbered(_ number: Int64) -> Hold {
        Hold(number: number, reason: reason, detail: detail, openedAt: openedAt, openedBy: openedBy)
    }
}

extension MoneyRequest {
    fileprivate func named(_ id: String) -> MoneyRequest {
        MoneyRequest(
            requestID: id, kind: kind, gateway: gateway, transaction: transaction, amount: amount, reason: reason,
            requestedAt: requestedAt)
    }
}
