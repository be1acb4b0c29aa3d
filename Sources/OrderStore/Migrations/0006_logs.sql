-- Messages in and events out: append-only, a partition for each day (UTC) of the database's clock, dropped by age.

CREATE TABLE message_log (
    day          date        NOT NULL,
    received_at  timestamptz NOT NULL,
    source       text        NOT NULL,
    id           text        NOT NULL,
    part         bigint      NOT NULL,
    queue        text,
    type         text,
    order_number text COLLATE "C",
    key_id       bigint      NOT NULL DEFAULT 0,
    headers      jsonb,
    -- Without one in a row that tells only what became of a message that was logged before.
    body         bytea,
    outcome      text        NOT NULL,
    reason       text
) PARTITION BY RANGE (day);
CREATE INDEX message_log_order ON message_log (order_number, received_at) WHERE order_number IS NOT NULL;
-- Found by identity through the inbox, which knows when it came.
CREATE INDEX message_log_received ON message_log USING brin (received_at);

CREATE TABLE event_log (
    day            date        NOT NULL,
    id             bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    type           text        NOT NULL,
    subject        text COLLATE "C" NOT NULL,
    order_number   text COLLATE "C",
    version        bigint      NOT NULL,
    cause_source   text        NOT NULL,
    cause_id       text        NOT NULL,
    cause_part     bigint      NOT NULL,
    correlation_id text,
    traceparent    text,
    tracestate     text,
    key_id         bigint      NOT NULL DEFAULT 0,
    -- Who hears of it, and the number it has for each.
    receivers      text[]      NOT NULL,
    numbers        bigint[]    NOT NULL,
    data           bytea       NOT NULL,
    PRIMARY KEY (day, id),
    CHECK (cardinality(receivers) = cardinality(numbers))
) PARTITION BY RANGE (day);
CREATE INDEX event_log_subject ON event_log (subject, id) WHERE subject <> '';
CREATE INDEX event_log_order ON event_log (order_number, id) WHERE order_number <> subject;

-- A client takes a thousand ids at once.
CREATE SEQUENCE event_id INCREMENT BY 1000;

-- Makes the partitions from yesterday to so many days ahead; those that are there are left alone. Attaching takes no
-- lock that stops writers.
CREATE FUNCTION make_log_partitions(days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    parent text;
    first_day date := (now() AT TIME ZONE 'UTC')::date - 1;
    partition_day date;
    partition text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7810764987838824563);
    FOREACH parent IN ARRAY ARRAY['message_log', 'event_log'] LOOP
        FOR offset_days IN 0..least(days_ahead, 60) + 1 LOOP
            partition_day := first_day + offset_days;
            partition := format('%s_%s', parent, to_char(partition_day, 'YYYYMMDD'));
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                parent, partition, partition_day, partition_day + 1);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION make_log_partitions(integer) FROM PUBLIC;

-- Drops the partitions that are older than so many days, unless an unconfirmed event stands in them: what is parked or dead
-- has a copy of its own. Writers wait while one is dropped, so it gives way to whoever holds a log, and is called again.
CREATE FUNCTION drop_log_partitions(older_than_days integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '200ms' AS $$
DECLARE
    partition record;
BEGIN
    PERFORM pg_advisory_xact_lock(7810764987838824563);
    FOR partition IN
        SELECT c.relname AS name, n.nspname AS home
        FROM pg_inherits AS i
        JOIN pg_class AS p ON p.oid = i.inhparent
        JOIN pg_namespace AS n ON n.oid = p.relnamespace
        JOIN pg_class AS c ON c.oid = i.inhrelid
        CROSS JOIN LATERAL (SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day) AS d
        WHERE n.nspname = current_schema() AND p.relname IN ('message_log', 'event_log')
            AND d.day < (now() AT TIME ZONE 'UTC')::date - older_than_days
            AND (p.relname = 'message_log' OR NOT EXISTS (SELECT FROM outbox WHERE outbox.event_day = d.day))
        ORDER BY d.day, c.relname
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE %I.%I', partition.home, partition.name);
        EXCEPTION WHEN lock_not_available THEN
            RETURN;
        END;
        RETURN NEXT partition.name;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION drop_log_partitions(integer) FROM PUBLIC;

SELECT make_log_partitions(7);
