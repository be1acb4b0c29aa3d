import OrderCore
import OrderSimulator
import Testing

@Suite("Holds and staff commands")
struct CommandTests {
    @Test("an overridden reason is not raised again; the others are")
    func override() {
        var bench = Bench()
        bench.place("tm/1") {
            $0.claimedPayable = 1
            $0.receiver.phone = nil
        }
        #expect(bench.holds("tm/1") == [.amountMismatch, .receiverIncomplete])
        #expect(bench.command(.override(.amountMismatch), "tm/1") == .done)
        #expect(bench.holds("tm/1") == [.receiverIncomplete])
        bench.command(.release(.receiverIncomplete), "tm/1")
        #expect(bench.holds("tm/1") == [.receiverIncomplete])
        bench.command(.editReceiver(.someone), "tm/1")
        #expect(bench.status("tm/1") == .released)
        bench.verify()
    }

    @Test("what can't be shipped can't be overridden")
    func notOverridable() {
        var bench = Bench()
        bench.place("tm/1", [.of("A", 500, at: 1)])
        #expect(bench.command(.override(nil), "tm/1").isRefused)
        #expect(bench.command(.release(.manual), "tm/1").isRefused)
        #expect(bench.command(.hold(detail: "look"), "tm/1") == .done)
        #expect(bench.holds("tm/1") == [.manual, .outOfStock])
        bench.verify()
    }

    static let allowed: [(StaffRole, Set<String>)] = [
        (.administrator, ["override", "refund", "release", "retry", "hold", "edit", "cancel", "note"]),
        (.customerService, ["refund", "release", "retry", "hold", "edit", "cancel", "note"]),
        (.reviewer, ["override", "release", "retry", "hold", "note"]),
        (.warehouse, ["release", "retry", "hold", "note"]),
        (.finance, ["refund", "note"]),
        (.operations, ["override", "release", "retry", "hold", "edit", "cancel", "note"]),
        (.viewer, []),
    ]

    @Test("each role may do its own", arguments: allowed)
    func roles(role: StaffRole, may: Set<String>) {
        let actions: [(String, StaffCommand.Action)] = [
            ("override", .override(nil)), ("refund", .refund(amount: 1)), ("release", .release(nil)), ("retry", .retry),
            ("hold", .hold(detail: "x")), ("edit", .editReceiver(.someone)), ("cancel", .cancel), ("note", .note("x")),
        ]
        for (name, action) in actions {
            var bench = Bench { $0.releaseDelay = 60 }
            bench.place()
            bench.pay(200)
            bench.command(.hold(detail: "look"))
            let outcome = bench.feed(bench.commanding(action, by: [role]))
            #expect(outcome.isDone == may.contains(name), "\(role) \(name): \(outcome)")
            bench.verify()
        }
    }

    @Test("a command needs a reason, the version it was decided on, and an order")
    func refusals() {
        var bench = Bench()
        bench.place()
        #expect(bench.feed(bench.commanding(.retry, reason: "")).isRefused)
        #expect(bench.feed(bench.commanding(.retry, version: 7)).isRefused)
        let version = bench.state()?.order.version
        #expect(bench.feed(bench.commanding(.cancel, version: version)).isDone)
        #expect(bench.feed(bench.commanding(.cancel, "web/9")).isRefused)
        // An order that can be read is in no quarantine.
        #expect(bench.command(.liftQuarantine) == .refused("the order is not in quarantine"))
        #expect(bench.set.orphans.isEmpty)
        bench.verify()
    }

    @Test("who and why stand in the journal")
    func journal() {
        var bench = Bench()
        bench.place()
        bench.command(.note("called the buyer"))
        #expect(bench.journal.last?.by == "li")
        #expect(bench.journal.last?.why.contains("called the buyer") == true)
        #expect(bench.journal.last?.why.contains("because") == true)
        bench.verify()
    }

    @Test("staff commands are believed only from staff, wishes only from the owner")
    func senders() {
        var bench = Bench()
        bench.place()
        var command = bench.commanding(.cancel)
        command.sender = .owner(of: nil)
        #expect(bench.feed(command).isConflict)
        for sender in [Sender.stranger, .owner(of: ["tm"])] {
            #expect(bench.feed(bench.asking(.cancel, id: "x", sender: sender)).isConflict)
            #expect(bench.feed(bench.asking(.cancel, "web/9", id: "x", sender: sender)).isConflict)
        }
        #expect(bench.set.orphans.isEmpty)
        #expect(bench.status() == .awaitingPayment)
        #expect(bench.feed(bench.asking(.cancel, id: "x", sender: .owner(of: ["web"]))) == .done)
        #expect(bench.status() == .cancelled)
        bench.verify()
    }

    @Test("lost events are asked for by the receiver itself or by staff")
    func resends() {
        var bench = Bench()
        let senders: [(Sender, isBelieved: Bool)] = [
            (.owner(of: [], receiving: ["erp", "finance"]), true), (.staff(roles: [.operations]), true),
            (.owner(of: nil, receiving: ["wms"]), false), (.owner(of: nil), false), (.stranger, false),
        ]
        for (sender, isBelieved) in senders {
            let resend = DeliveryResend(receiver: "erp", subject: "web/1", fromNumber: 1)
            let outcome = bench.feed(bench.message(.resend(resend), content: 1, sender: sender))
            #expect(outcome.isConflict != isBelieved, "\(sender)")
        }
        bench.verify()
    }

    @Test("a receiver is replaced by a whole one")
    func editReceiver() {
        var bench = Bench()
        bench.place()
        var receiver = Receiver.someone
        receiver.city = "上海"
        #expect(bench.command(.editReceiver(receiver)) == .done)
        #expect(bench.state()?.contact.all.first?.receiver.city == "上海")
        #expect(bench.command(.editReceiver(Receiver())).isRefused)
        bench.verify()
    }

    @Test("a manual hold gates release, not facts from outside")
    func gate() {
        var bench = Bench()
        bench.place()
        bench.command(.hold(detail: "look"))
        bench.pay(200)
        #expect(bench.status() == .awaitingRelease)
        #expect(bench.money().captured == 200)
        bench.command(.release(.manual))
        #expect(bench.status() == .released)
        bench.command(.hold(detail: "again"))
        bench.ship()
        #expect(bench.status() == .shipped)
        bench.deliver()
        #expect(bench.status() == .shipped)
        bench.command(.release(nil))
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("no excess goes back while a validation hold is open")
    func excessWaits() {
        var bench = Bench { $0.onInvalid = .hold }
        bench.place("web/1", [.of("A", 2, at: 100)]) { $0.claimedPayable = 250 }
        bench.pay(250)
        #expect(bench.requests(.refund).isEmpty)
        bench.command(.override(nil))
        #expect(bench.requests(.refund).map(\.amount) == [50])
        bench.verify()
    }
}
