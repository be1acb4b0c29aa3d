extension AuditCheck {
    /// Orders, their parts and their journal.
    static let orders = [
        orderStatus, orderVersion, journalUnbroken, journalTransitions, ownerless, quarantined,
    ]

    private static let orderStatus = AuditCheck(
        name: "order_status", sentence: "every order is in one of the states of the state machine",
        sql: """
            SELECT number, 'status ' || status FROM orders
            WHERE status NOT IN ('awaiting_payment', 'awaiting_release', 'released', 'partially_shipped', 'shipped',
                'awaiting_review', 'completed', 'cancelled', 'rejected')
            """)

    private static let orderVersion = AuditCheck(
        name: "order_version", sentence: "the last entry of an order's journal is the order as it stands",
        sql: """
            SELECT o.number, format('version %s, status %s; the journal ends with version %s, status %s', o.version,
                o.status, coalesce(j.version::text, 'none'), coalesce(j.to_status, 'none'))
            FROM orders AS o
            LEFT JOIN (
                SELECT DISTINCT ON (order_number) order_number, version, to_status
                FROM order_journal ORDER BY order_number, version DESC
            ) AS j ON j.order_number = o.number
            WHERE j.version IS DISTINCT FROM o.version OR j.to_status IS DISTINCT FROM o.status
            """)

    private static let journalUnbroken = AuditCheck(
        name: "journal_unbroken",
        sentence: "journal entries are numbered from 1 without a gap, each starting where the one before ended",
        sql: """
            SELECT order_number, format('version %s comes as number %s, from %s after %s', version, place,
                coalesce(from_status, 'nothing'), coalesce(status_before, 'nothing'))
            FROM (
                SELECT order_number, version, from_status,
                    row_number() OVER story AS place, lag(to_status) OVER story AS status_before
                FROM order_journal
                WINDOW story AS (PARTITION BY order_number ORDER BY version)
            ) AS entry
            WHERE version <> place OR from_status IS DISTINCT FROM status_before
            """)

    private static let journalTransitions = AuditCheck(
        name: "journal_transitions", sentence: "every change of state is one that the state machine allows",
        sql: """
            SELECT order_number, format('version %s goes from %s to %s', version, coalesce(from_status, 'nothing'),
                to_status)
            FROM order_journal
            WHERE from_status IS DISTINCT FROM to_status
                AND (coalesce(from_status, ''), to_status) NOT IN (
                    ('', 'awaiting_payment'), ('', 'awaiting_release'), ('', 'rejected'),
                    ('rejected', 'awaiting_payment'), ('rejected', 'awaiting_release'),
                    ('awaiting_payment', 'awaiting_release'), ('awaiting_payment', 'cancelled'),
                    ('awaiting_release', 'released'), ('awaiting_release', 'partially_shipped'),
                    ('awaiting_release', 'shipped'), ('awaiting_release', 'cancelled'),
                    ('released', 'awaiting_release'), ('released', 'partially_shipped'), ('released', 'shipped'),
                    ('released', 'cancelled'), ('partially_shipped', 'shipped'), ('partially_shipped', 'cancelled'),
                    ('shipped', 'awaiting_review'), ('shipped', 'completed'), ('shipped', 'cancelled'),
                    ('awaiting_review', 'completed'))
            """)

    private static let ownerless = AuditCheck(
        name: "ownerless", sentence: "what belongs to an order has that order",
        sql: """
            SELECT part.order_number, 'has ' || part.kind || ' and no order'
            FROM (
                SELECT DISTINCT order_number, 'a journal' AS kind FROM order_journal
                UNION ALL SELECT DISTINCT order_number, 'lines' FROM order_lines
                UNION ALL SELECT order_number, 'a contact' FROM order_contacts
                UNION ALL SELECT DISTINCT order_number, 'holds' FROM holds
                UNION ALL SELECT DISTINCT order_number, 'payment facts' FROM payment_facts
                UNION ALL SELECT DISTINCT order_number, 'money requests' FROM money_requests
                UNION ALL SELECT DISTINCT order_number, 'fulfilments' FROM fulfilments
                UNION ALL SELECT DISTINCT order_number, 'fulfilment lines' FROM fulfilment_lines
                UNION ALL SELECT DISTINCT order_number, 'parcels' FROM parcels
            ) AS part
            WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.number = part.order_number)
            """)

    private static let quarantined = AuditCheck(
        name: "quarantined", sentence: "no order's rows read back impossible",
        sql: "SELECT order_number, fault FROM quarantined_orders")
}
