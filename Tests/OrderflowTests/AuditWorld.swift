import OrderStore
import Postgres

/// A small world in which every promise holds: a paid order with a warehouse, one parked fact, one dead message.
enum AuditWorld {
    static func make(in installation: Installation) throws -> PostgresConnection {
        let connection = try installation.connect()
        try Migrator(Migrations.all).migrate(connection)
        try connection.execute(sql)
        return connection
    }

    private static let sql = """
        INSERT INTO orders (number, kind, payment_term, currency, status, version, attempt, content_hash, placed_at, goods,
            discount, deduction, shipping, tax, payable, due, reversed,
            authorized, captured, refunded, refund_pending, charged_back,
            payment_state, is_validated, is_cancelling, is_receipt_announced, is_review_done, is_production_requested,
            event_counts)
        VALUES ('shop/1', 'internal', 'online', 'CNY', 'released', 3, 1, gen_random_uuid(), now(), 2000, 100, 50, 150, 0,
            2000, 2000, 0, 0, 2000, 0, 0, 0, 'paid', true, false, false, false, false, '{"erp": 2, "storefront": 1}');
        INSERT INTO order_contacts (order_number, key_id, name) VALUES ('shop/1', 0, '王小明');
        INSERT INTO order_lines (order_number, number, sku, type, quantity, unit_price, share, cancelled, shipped, returned,
            produced)
        VALUES ('shop/1', 1, 'TEA', 'physical', 2, 1000, 1850, 0, 0, 0, 0);
        INSERT INTO order_journal (order_number, version, at, by, cause_source, cause_id, cause_part, from_status, to_status,
            why, rows)
        VALUES ('shop/1', 1, now(), 'shop', 'shop', 'm1', 0, NULL, 'awaiting_payment', 'placed', '{}'),
            ('shop/1', 2, now(), 'g', 'g', 'm4', 0, 'awaiting_payment', 'awaiting_release', 'paid', '{}'),
            ('shop/1', 3, now(), 'g', 'g', 'm4', 0, 'awaiting_release', 'released', 'released', '{}');
        INSERT INTO payment_facts (order_number, gateway, transaction, kind, reference, amount, is_cumulative, currency,
            occurred_at, sequence)
        VALUES ('shop/1', 'g', 't', 'authorized', 'a', 2000, false, 'CNY', now(), 1),
            ('shop/1', 'g', 't', 'captured', 'c', 2000, false, 'CNY', now(), 2);
        INSERT INTO fulfilments (id, order_number, warehouse, state, cancel, request_number, unanswered, event_counts)
        VALUES ('shop/1-F1', 'shop/1', 'SH1', 'released', 'none', 1, 1, '{"wms": 1}');
        INSERT INTO fulfilment_lines (order_number, fulfilment_id, line, sku, quantity, reserved, shipped, cancelled)
        VALUES ('shop/1', 'shop/1-F1', 1, 'TEA', 2, 2, 0, 0);
        INSERT INTO stock (sku, warehouse, on_hand, reserved, safety, missing, low_threshold, event_counts)
        VALUES ('TEA', 'SH1', 100, 2, 0, 0, 0, '{"erp": 1}');
        INSERT INTO stock_journal (sku, warehouse, kind, on_hand, reserved, missing)
        VALUES ('TEA', 'SH1', 'receive', 100, 0, 0), ('TEA', 'SH1', 'reserve', 0, 2, 0);
        INSERT INTO event_log (day, id, created_at, type, subject, order_number, version, cause_source, cause_id, cause_part,
            receivers, numbers, data)
        SELECT (now() AT TIME ZONE 'UTC')::date, e.id, now(), e.type, e.subject, e.order_number, 1, 's', 'm1', 0,
            e.receivers::text[], e.numbers::bigint[], '{}'
        FROM (VALUES
            (1, 'order.accepted.v1', 'shop/1', 'shop/1', '{erp,storefront}', '{1,1}'),
            (2, 'order.released.v1', 'shop/1', 'shop/1', '{erp}', '{2}'),
            (3, 'fulfilment.requested.v1', 'shop/1-F1', 'shop/1', '{wms}', '{1}'),
            (4, 'stock.changed.v1', 'TEA@SH1', NULL, '{erp}', '{1}'),
            (5, 'hold.opened.v1', '', 'shop/1', '{ops}', '{0}')
        ) AS e (id, type, subject, order_number, receivers, numbers);
        INSERT INTO outbox (subject, receiver, number, event_id, event_day, owner)
        VALUES ('shop/1', 'erp', 2, 2, (now() AT TIME ZONE 'UTC')::date, 1);
        INSERT INTO inbox (source, id, part, content_hash, outcome)
        VALUES ('shop', 'm1', 0, gen_random_uuid(), 'done'), ('g', 'm2', 0, gen_random_uuid(), 'parked'),
            ('x', 'm3', 0, gen_random_uuid(), 'dead');
        INSERT INTO parked (source, id, part, order_number, waits_for, queue, type, headers, body, received_at, deadline)
        VALUES ('g', 'm2', 0, 'shop/9', 'order', 'payments.callbacks', 'payment.captured.v1', '{}', '', now(),
            now() + interval '1 day');
        INSERT INTO due (kind, order_number, reference, due_at, next_at)
        VALUES ('parked_too_long', 'shop/9', 'g m2', now() + interval '1 day', now() + interval '1 day');
        INSERT INTO dead_messages (source, id, queue, headers, body, body_length, body_hash, reason, fingerprint)
        VALUES ('x', 'm3', 'orders.internal', '{}', '', 0, gen_random_uuid(), 'no JSON', 'f');
        """
}
