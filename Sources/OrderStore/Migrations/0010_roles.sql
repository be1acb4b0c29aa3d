-- What the worker may do, and nothing more: it can't change a journal nor the schema, and of a log it can only have whole
-- days dropped. Where the migrating role may not make roles, the role is made by an administrator, and the grants are given
-- when it is there.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orderflow_worker')
        AND EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole))
    THEN
        BEGIN
            CREATE ROLE orderflow_worker NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            -- Another database of this server was migrated at the same moment.
            NULL;
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orderflow_worker') THEN
        GRANT SELECT, INSERT, UPDATE ON
            orders, order_contacts, order_lines, holds, payment_facts, money_requests, fulfilments, fulfilment_lines,
            parcels, stock, dead_messages, dead_fingerprints, products, warehouses, sellers, queue_markers
            TO orderflow_worker;
        GRANT SELECT, INSERT ON
            order_journal, stock_journal, tracking_checkpoints, business_keys, conflicts, dead_decisions, message_log,
            event_log
            TO orderflow_worker;
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            inbox, parked, crash_marks, outbox, lanes, due, giving_out, waiting_looks, quarantined_orders TO orderflow_worker;
        GRANT DELETE ON queue_markers, business_keys TO orderflow_worker;
        GRANT SELECT ON epochs TO orderflow_worker;
        GRANT USAGE ON SEQUENCE event_id, lane_number TO orderflow_worker;
        GRANT EXECUTE ON FUNCTION make_log_partitions(integer), drop_log_partitions(integer) TO orderflow_worker;
        IF to_regclass('schema_migration') IS NOT NULL THEN
            GRANT SELECT ON schema_migration TO orderflow_worker;
        END IF;
    END IF;
END $$;
