import TestServers
import Testing

@Suite("Events again")
struct ResendTests {
    @Test("go to a receiver for many orders, with a report on each; what still waits is tried at once")
    func bulk() async throws {
        try await Installation.use { installation in
            try installation.withWorker { program in
                try OpeningDay.begin(program)
                _ = try program.run(
                    "send", "-", input: (1...3).map(StaffCommandTests.placing).joined(separator: "\n"))
                try waitUntil("three orders") {
                    try program.run("order", "list", "-o", "json").output.ranges(of: "shop/").count == 3
                }
                func staff(_ arguments: String..., input: String = "") throws -> Program.Result {
                    try program.run(["order"] + arguments + StaffCommandTests.staff, input: input)
                }
                let look = try staff(
                    "resend", "--receiver", "erp", "--filter", "channel=shop", "--filter", "newer=1000d", "--dry-run")
                #expect(look.status == 0 && look.messages.contains("3 to resend"), "\(look.summary)")
                let none = try staff("resend", "--receiver", "erp", "--filter", "newer=0s", "--yes")
                #expect(none.status == 1 && none.messages.contains("there are no such orders"), "\(none.summary)")

                // Nothing of the orders changes: what has happened to one since the look is no reason to refuse.
                let list = try staff(
                    "resend", "--receiver", "erp", "--fulfilments", "--list", "-", "--yes", "--per-second", "1",
                    input: "shop/1\nshop/9\nshop/2\n")
                #expect(list.status == 1 && list.messages.contains("2 applied, 1 refused"), "\(list.summary)")
                #expect(list.output.contains("no event of shop/9 to erp from 1 on is kept"), "\(list.summary)")
                #expect(list.output.contains("1 sent again"), "\(list.summary)")

                let retry = try staff("retry-output", "--filter", "channel=shop", "--yes")
                #expect(retry.status == 0 && retry.messages.contains("3 applied, 0 refused"), "\(retry.summary)")
                let alone = try staff("retry-output", "shop/1")
                #expect(alone.status == 0 && alone.messages.contains("nothing waits"), "\(alone.summary)")
                #expect(try program.run("audit").status == 0)

                for wrong in [
                    ["--fulfilment", "shop/1-F1", "--list", "-"], ["shop/1", "--from-number", "2", "--fulfilments"],
                    ["shop/1", "--fulfilment", "shop/1-F1", "--fulfilments"], ["shop/1", "--list", "-"], [],
                ] {
                    let result = try program.run(
                        ["order", "resend", "--receiver", "erp"] + wrong + StaffCommandTests.staff)
                    #expect(result.status == 2, "\(wrong): \(result.summary)")
                }
            }
        }
    }
}
