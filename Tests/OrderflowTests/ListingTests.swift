import Postgres
import TestServers
import Testing

@Suite("Listings")
struct ListingTests {
    @Test("an order's page tells where its parcels were seen, in the order of the carrier's times")
    func tracking() async throws {
        try await Installation.use { installation in
            try AuditWorld.make(in: installation).execute(
                """
                INSERT INTO tracking_checkpoints (shipment, occurred_at, code, order_number, description, place)
                VALUES ('S1', '2026-11-21T09:00:00Z', 'OUT', 'shop/1', 'out for delivery', '上海'),
                    ('S1', '2026-11-20T08:00:00Z', 'HUB', 'shop/1', NULL, NULL)
                """)
            let table = try installation.program.run("order", "show", "shop/1")
            #expect(table.output.contains("TRACKING"), "\(table.summary)")
            #expect(table.output.contains(try Regex("2026-11-21 09:00:00Z +OUT +上海 +out for delivery")))
            let json = try installation.program.run("order", "show", "shop/1", "-o", "json")
            #expect(
                json.output.contains(
                    """
                    "checkpoints":[
                    {"shipment":"S1","occurredAt":"2026-11-20T08:00:00Z","code":"HUB","place":null,"text":null},
                    {"shipment":"S1","occurredAt":"2026-11-21T09:00:00Z","code":"OUT","place":"上海","text":"out for delivery"}
                    ]
                    """), "\(json.summary)")
        }
    }

    @Test("stock in one warehouse is found however much stands before it")
    func stockInWarehouse() async throws {
        try await Installation.use { installation in
            try AuditWorld.make(in: installation).execute(
                """
                INSERT INTO stock (sku, warehouse, on_hand, reserved, safety, missing, low_threshold, event_counts)
                SELECT 'A', 'W' || n, 1, 0, 0, 0, 0, '{}' FROM generate_series(1, 3) AS n
                """)
            let found = try installation.program.run("stock", "show", "--warehouse", "SH1", "--limit", "2")
            #expect(found.output.contains("TEA"), "\(found.summary)")
        }
    }
}
