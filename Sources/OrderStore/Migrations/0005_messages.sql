-- What arrived: each message once, with what became of it. Purged in chunks by received_at; dead and parked rows stay.
CREATE TABLE inbox (
    source       text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    part         bigint      NOT NULL,
    content_hash uuid        NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    outcome      text        NOT NULL DEFAULT 'done'
        CHECK (outcome IN ('done', 'parked', 'refused', 'conflict', 'dead')),
    reason       text,
    PRIMARY KEY (source, id, part)
) WITH (
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000
);
CREATE INDEX inbox_received ON inbox (received_at);

-- Business facts that have taken effect: they dedupe for ever, whatever message brings the fact again. And what rules give to
-- a buyer once, for as long as an order of his has it.
CREATE TABLE business_keys (
    key          text COLLATE "C" PRIMARY KEY,
    content_hash uuid        NOT NULL,
    source       text        NOT NULL,
    message_id   text        NOT NULL,
    part         bigint      NOT NULL,
    at           timestamptz NOT NULL DEFAULT now()
);

-- Facts that wait, with a copy of their message: the log may be dropped before they apply.
CREATE TABLE parked (
    source       text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    part         bigint      NOT NULL,
    order_number text COLLATE "C",
    -- What a fact that names no order is matched by.
    warehouse    text COLLATE "C",
    shipment     text COLLATE "C",
    waits_for    text        NOT NULL,
    queue        text        NOT NULL,
    type         text        NOT NULL,
    headers      jsonb       NOT NULL,
    body         bytea       NOT NULL,
    received_at  timestamptz NOT NULL,
    -- Among those that came at the same moment, with one batch.
    place        bigint      NOT NULL DEFAULT 0,
    deadline     timestamptz NOT NULL,
    -- The sweep alone looks at it, not before: a lock did not come, it is replayed, or another message was not to wake it.
    retry_at     timestamptz,
    -- How often it was looked at without success.
    tries        bigint      NOT NULL DEFAULT 0 CHECK (tries >= 0),
    -- Claims of the sweep that ended without an outcome: what kills the process runs alone.
    claims       bigint      NOT NULL DEFAULT 0 CHECK (claims >= 0),
    claimed_at   timestamptz,
    -- The message waits with all its parts, not this part alone.
    whole        boolean     NOT NULL DEFAULT false,
    -- When people heard of one that is past its deadline and names no order.
    told_at      timestamptz,
    PRIMARY KEY (source, id, part)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX parked_deadline ON parked (deadline);
CREATE INDEX parked_order ON parked (order_number) WHERE order_number IS NOT NULL;
CREATE INDEX parked_retry ON parked (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX parked_shipment ON parked (shipment) WHERE order_number IS NULL AND shipment IS NOT NULL;

-- What was wrong for good. One without identity is known by queue and content, and counted.
CREATE TABLE dead_messages (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source       text COLLATE "C",
    id           text COLLATE "C",
    part         bigint      NOT NULL DEFAULT 0,
    queue        text COLLATE "C" NOT NULL,
    type         text,
    order_number text COLLATE "C",
    headers      jsonb       NOT NULL,
    body         bytea       NOT NULL,
    body_length  bigint      NOT NULL CHECK (body_length >= 0),
    body_hash    uuid        NOT NULL,
    reason       text        NOT NULL,
    fingerprint  text COLLATE "C" NOT NULL,
    first_at     timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz NOT NULL DEFAULT now(),
    deliveries   bigint      NOT NULL DEFAULT 1 CHECK (deliveries >= 1),
    -- How often it was dead: one that is still wrong after a replay is counted here.
    tries        bigint      NOT NULL DEFAULT 1 CHECK (tries >= 1),
    -- The message is dead with all its parts, not this part alone.
    whole        boolean     NOT NULL DEFAULT true,
    state        text        NOT NULL DEFAULT 'dead' CHECK (state IN ('dead', 'replayed', 'dropped')),
    settled_at   timestamptz,
    settled_by   text,
    settled_why  text,
    CHECK ((source IS NULL) = (id IS NULL)),
    CHECK ((state = 'dead') = (settled_by IS NULL))
);
CREATE UNIQUE INDEX dead_messages_identity ON dead_messages (source, id, part) WHERE source IS NOT NULL;
CREATE UNIQUE INDEX dead_messages_content ON dead_messages (queue, body_hash) WHERE source IS NULL;
CREATE INDEX dead_messages_fingerprint ON dead_messages (fingerprint, number) WHERE state = 'dead';

-- What staff decided about each try of a dead message, and what was wrong with it then.
CREATE TABLE dead_decisions (
    number     bigint      NOT NULL,
    try        bigint      NOT NULL CHECK (try >= 1),
    died_at    timestamptz NOT NULL,
    reason     text        NOT NULL,
    decision   text        NOT NULL CHECK (decision IN ('replayed', 'dropped')),
    decided_at timestamptz NOT NULL DEFAULT now(),
    decided_by text        NOT NULL,
    why        text        NOT NULL,
    PRIMARY KEY (number, try)
);

-- How often a fault was met, so that people hear of the 1st, 10th, 100th, then once a minute.
CREATE TABLE dead_fingerprints (
    fingerprint  text COLLATE "C" PRIMARY KEY,
    count        bigint      NOT NULL CHECK (count >= 1),
    announced_at timestamptz NOT NULL DEFAULT now()
);

-- What was running alone when the process died: committed before, cleared with the outcome.
CREATE TABLE crash_marks (
    key       text COLLATE "C" PRIMARY KEY,
    count     bigint      NOT NULL CHECK (count >= 1),
    marked_at timestamptz NOT NULL
);

-- The same identity with another content, or what cannot be: for people to see.
CREATE TABLE conflicts (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    found_at     timestamptz NOT NULL DEFAULT now(),
    kind         text        NOT NULL
        CHECK (kind IN ('message', 'business_key', 'order_number', 'forbidden', 'quantity')),
    key          text        NOT NULL,
    source       text        NOT NULL,
    message_id   text        NOT NULL,
    part         bigint      NOT NULL,
    order_number text COLLATE "C",
    detail       text        NOT NULL
);
CREATE INDEX conflicts_order ON conflicts (order_number) WHERE order_number IS NOT NULL;
