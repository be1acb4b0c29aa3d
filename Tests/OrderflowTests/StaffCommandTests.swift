import TestServers
import Testing

@Suite("Staff commands")
struct StaffCommandTests {
    static let staff = ["--by", "alice", "--reason", "the buyer asked"]

    private static let order = #"""
        {"type":"order.placed.v1","source":"storefront","id":"5","routingKey":"order.internal","data":{"orderNumber":"shop/1","placedAt":"2026-11-21T07:00:00Z","currency":"CNY","receiver":{"name":"王小明","phone":"13800000000","city":"上海","address":"世纪大道 100 号"},"lines":[{"line":1,"sku":"TEA","quantity":2,"unitPriceMinor":1000}],"amounts":{"goodsMinor":2000,"payableMinor":2000}}}
        """#

    @Test("are applied or refused by a worker, and the outcome is told")
    func outcomes() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                for lines in [OpeningDay.messages, [Self.order]] {
                    #expect(try program.run("send", "-", input: lines.joined(separator: "\n")).status == 0)
                    try waitUntil("the queues to be empty") {
                        try program.run("doctor", "--quick").status == 0
                            && program.run("stock", "show", "-o", "json").output.contains(#""onHand":10"#)
                    }
                }
                try waitUntil("the order") { try program.run("order", "list").output.contains("shop/1") }

                let shown = try program.run("order", "show", "shop/1")
                #expect(shown.output.contains("20.00 CNY") && shown.output.contains("王***"), "\(shown.summary)")
                #expect(!shown.output.contains("世纪大道") && !shown.output.contains("13800000000"))
                #expect(try program.run("order", "show", "shop/1", "--reveal").output.contains("世纪大道 100 号"))
                #expect(
                    try program.run("order", "show", "shop/1", "-o", "json").output.hasPrefix(
                        #"{"order":{"number":"shop/1""#))

                let note = try program.run(["order", "note", "shop/1", "asked twice"] + Self.staff)
                #expect(note.status == 0 && note.messages.contains("applied"), "\(note.summary)")
                let stale = try program.run(["order", "cancel", "shop/1", "--expected-version", "1"] + Self.staff)
                #expect(stale.status == 1 && stale.messages.contains("refused"), "\(stale.summary)")
                let cancel = try program.run(["order", "cancel", "shop/1"] + Self.staff)
                #expect(cancel.status == 0 && cancel.messages.contains("shop/1 is cancelled"), "\(cancel.summary)")
                let unknown = try program.run(["order", "cancel", "shop/2"] + Self.staff)
                #expect(unknown.status == 1 && unknown.messages.contains("refused: there is no order shop/2"))

                let lift = try program.run(["quarantine", "lift", "shop/1"] + Self.staff)
                #expect(lift.status == 1 && lift.messages.contains("the order is not in quarantine"), "\(lift.summary)")

                #expect(try program.run("order", "rebuild", "--sample", "5").status == 0)
                let audit = try program.run("audit")
                #expect(audit.status == 0, "\(audit.summary)")
            }
        }
    }

    @Test("hold, mend and release an order, and settle dead messages")
    func exceptions() async throws {
        try await Installation.use { installation in
            try installation.withWorker(lanes: 2) { program in
                try OpeningDay.begin(program)
                let unreadable = [17, 18].map {
                    #"{"type":"payment.captured.v1","source":"gateway","id":"\#($0)","data":{"amountMinor":"two"}}"#
                }
                _ = try program.run("send", "-", input: ([Self.order] + unreadable).joined(separator: "\n"))
                try waitUntil("the order and two dead messages") {
                    try program.run("order", "list").output.contains("shop/1")
                        && program.run("dead", "list").output.split(separator: "\n").count == 3
                }
                func staff(_ arguments: String..., input: String = "") throws {
                    let result = try program.run(arguments + Self.staff, input: input)
                    #expect(
                        result.status == 0 && result.messages.contains("applied"), "\(arguments): \(result.summary)")
                }
                try staff("order", "hold", "shop/1")
                #expect(try program.run("hold", "list", "--reason", "manual").output.contains("the buyer asked"))
                try staff(
                    "order", "edit-receiver", "shop/1", "--receiver", "-",
                    input: #"{"name":"李雷","phone":"13900000000","city":"上海","address":"南京路 1 号"}"#)
                #expect(try program.run("order", "show", "shop/1", "--reveal").output.contains("南京路 1 号"))
                try staff("order", "retry", "shop/1")
                try staff("order", "release", "shop/1", "--hold", "manual")
                #expect(try program.run("hold", "list").output.isEmpty)
                let refund = try program.run(["order", "refund", "shop/1", "--amount", "5"] + Self.staff)
                #expect(refund.status == 1 && refund.messages.contains("refused"), "\(refund.summary)")

                let shown = try program.run("dead", "show", "1")
                #expect(shown.status == 0 && !shown.output.contains("two"), "\(shown.summary)")
                #expect(try program.run("dead", "show", "1", "--reveal").output.contains(#""amountMinor":"two""#))
                try staff("dead", "drop", "1")
                try staff("dead", "replay", "2")
                #expect(try program.run("dead", "list", "--state", "dropped").output.contains("payment.captured.v1"))
                let audit = try program.run("audit")
                #expect(audit.status == 0, "\(audit.summary)")
                #expect(try program.run("order", "rebuild", "shop/1").status == 0)
            }
        }
    }

    @Test("of a broker user who is no staff are refused as a conflict")
    func stranger() async throws {
        try await Installation.use { installation in
            let environment = [
                "ORDERFLOW_SECURITY_STAFF": "somebody=administrator", "ORDERFLOW_LOG_FORMAT": "json",
            ]
            let messages = try installation.withWorker(environment: environment) { program in
                let result = try program.run(["order", "cancel", "shop/1"] + Self.staff)
                #expect(result.status == 1 && result.messages.contains("refused as a conflict"), "\(result.summary)")
                #expect(try program.run("conflict", "list").output.contains("forbidden"))
            }
            let log = messages.split(separator: "\n")
            #expect(log.count >= 3 && log.allSatisfy { $0.hasPrefix(#"{"time":""#) && $0.hasSuffix("}") }, "\(log)")
            let secret = TestServers.amqpURL.split(separator: "@")[0].split(separator: ":").last ?? ""
            #expect(!log.contains { $0.contains(secret) })
        }
    }

    /// A shop's order of two units of tea.
    static func placing(_ number: Int) -> String {
        order.replacing(#""id":"5""#, with: #""id":"order \#(number)""#).replacing("shop/1", with: "shop/\(number)")
    }

    @Test("split, edit and cancel lines of an order, and show what has happened since the version they were decided on")
    func lines() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                try OpeningDay.begin(program)
                _ = try program.run("send", "-", input: Self.placing(1))
                try waitUntil("the order") { try program.run("order", "list").output.contains("shop/1") }
                func staff(_ arguments: String...) throws -> Program.Result {
                    try program.run(["order"] + arguments + Self.staff)
                }
                let edit = try staff("edit-lines", "shop/1", "--line", "1:3", "--add", "2:1@1000:TEA")
                #expect(edit.status == 0 && edit.messages.contains("4000 is payable"), "\(edit.summary)")
                let split = try staff("split", "shop/1", "--line", "1:1")
                #expect(split.status == 0 && split.messages.contains("is a parcel of its own"), "\(split.summary)")
                let stale = try staff("cancel-lines", "shop/1", "--line", "1:1", "--expected-version", "1")
                #expect(stale.status == 1 && stale.messages.contains("decided on version 1"), "\(stale.summary)")
                #expect(stale.messages.contains("lines edited: 3 of line 1"), "\(stale.summary)")
                #expect(stale.messages.contains("split off"), "\(stale.summary)")
                let cancel = try staff("cancel-lines", "shop/1", "--line", "1:1")
                #expect(cancel.status == 0, "\(cancel.summary)")
                let resend = try staff("resend", "shop/1", "--receiver", "erp")
                #expect(resend.status == 0, "\(resend.summary)")
                #expect(try program.run("order", "rebuild", "shop/1").status == 0)
                #expect(try program.run("audit").status == 0)
            }
        }
    }

    @Test("go for many orders by a list or a filter, after a look, with a report on each")
    func bulk() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                try OpeningDay.begin(program)
                let orders = (1...4).map(Self.placing)
                _ = try program.run("send", "-", input: orders.joined(separator: "\n"))
                try waitUntil("four orders") {
                    try program.run("order", "list", "-o", "json").output.ranges(of: "shop/").count == 4
                }
                func staff(_ arguments: String..., input: String = "") throws -> Program.Result {
                    try program.run(["order"] + arguments + Self.staff, input: input)
                }
                let unasked = try staff("hold", "--filter", "channel=shop")
                #expect(unasked.status == 2 && unasked.messages.contains("4 to hold"), "\(unasked.summary)")
                let look = try staff(
                    "hold", "--filter", "channel=shop", "--filter", "status=awaiting_payment", "--dry-run")
                #expect(look.status == 0 && look.messages.contains("shop/4"), "\(look.summary)")
                #expect(try program.run("hold", "list").output.isEmpty)

                let list = try staff("hold", "--list", "-", "--yes", input: "shop/1\n# a look\nshop/2\nshop/9\n")
                #expect(list.status == 1 && list.messages.contains("2 applied, 1 refused"), "\(list.summary)")
                #expect(list.output.contains("there is no order shop/9"), "\(list.summary)")
                let release = try staff(
                    "release", "--filter", "hold=manual", "--filter", "warehouse=SH1", "--yes", "--per-second", "1")
                #expect(release.status == 0 && release.messages.contains("2 applied, 0 refused"), "\(release.summary)")
                #expect(try program.run("hold", "list").output.isEmpty)

                let none = try staff("cancel", "--filter", "older=9000d", "--yes")
                #expect(none.status == 1 && none.messages.contains("there are no such orders"), "\(none.summary)")
                let many = try staff("cancel", "--filter", "channel=shop", "--yes", "--most", "3")
                #expect(many.status == 2 && many.messages.contains("more than 3 orders"), "\(many.summary)")
                let wrong = try staff("cancel", "--filter", "colour=red", "--yes")
                #expect(wrong.status == 2, "\(wrong.summary)")
                let both = try staff("cancel", "shop/1", "--filter", "channel=shop")
                #expect(both.status == 2 && both.messages.contains("--filter"), "\(both.summary)")
            }
        }
    }

    @Test("without a worker end with 4 once the time is over, and say that they stay queued")
    func noWorker() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let result = try installation.program.run(["order", "release", "shop/1", "--timeout", "1"] + Self.staff)
            #expect(result.status == 4 && result.messages.contains("it stays queued"), "\(result.summary)")
        }
    }

    @Test("need who and why")
    func whoAndWhy() async throws {
        let result = try await onThread { try Program().run("dead", "drop", "1", "--by", "alice") }
        #expect(result.status == 2 && result.messages.contains("--reason"))
    }
}
