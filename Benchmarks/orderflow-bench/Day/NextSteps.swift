internal import Postgres

/// What to try next, with the numbers of real orders.
struct NextSteps {
    let orderflow: String
    let configuration: String
    let connection: PostgresConnection

    func print() throws {
        Terminal.say("\nLook around (the servers stay up)")
        Terminal.say("  export ORDERFLOW_CONFIG=\(configuration) PATH=\"\(folder):$PATH\"")
        try suggest(
            "order show", "paid twice: the second payment went back",
            """
            SELECT f.order_number FROM payment_facts AS f JOIN money_requests AS r USING (order_number)
            WHERE f.kind = 'captured' AND r.kind = 'refund' AND r.state = 'settled' AND r.amount = f.amount
            GROUP BY 1 HAVING count(DISTINCT f.transaction) = 2 ORDER BY 1 LIMIT 1
            """)
        try suggest(
            "order events", "in two parcels: who was told what, in which order",
            "SELECT order_number FROM parcels GROUP BY order_number HAVING count(*) > 1 ORDER BY 1 LIMIT 1")
        try suggest(
            "order show", "asked back from its warehouse too late",
            "SELECT order_number FROM holds WHERE reason = 'cancel_refused' ORDER BY 1 LIMIT 1")
        try suggest(
            "order show", "changed by staff when its warehouse had it",
            "SELECT order_number FROM fulfilments WHERE amend = 'agreed' ORDER BY 1 LIMIT 1")
        try suggest(
            "order show", "taken out of a parcel with another order",
            """
            SELECT order_number FROM fulfilments WHERE travels_in IS NOT NULL AND cancel = 'agreed' ORDER BY 1 LIMIT 1
            """)
        Terminal.say("  orderflow hold list")
        Terminal.say("  orderflow dead groups")
        Terminal.say("  orderflow stock show LAST-UNITS --warehouse east")
        let held = try first(
            "SELECT order_number FROM holds WHERE closed_at IS NULL AND reason = 'price_mismatch' ORDER BY 1 LIMIT 1")
        if let held {
            Terminal.say("Steer it")
            Terminal.say("  orderflow worker &")
            Terminal.say("  orderflow order override \(held) --by you --reason \"the price is agreed\"")
        }
        Terminal.say("End it")
        Terminal.say("  make services-down")
    }

    private var folder: String {
        let folder = orderflow.lastIndex(of: "/").map { String(orderflow[..<$0]) } ?? "."
        return folder.hasPrefix("/") ? folder : "$PWD/" + folder
    }

    private func suggest(_ command: String, _ what: String, _ sql: String) throws {
        guard let number = try first(sql) else { return }
        let line = "  orderflow \(command) \(number)"
        Terminal.say(line + String(repeating: " ", count: max(1, 44 - line.count)) + "# " + what)
    }

    private func first(_ sql: String) throws -> String? {
        try connection.query(sql).first.map { try $0.text(0) }
    }
}
