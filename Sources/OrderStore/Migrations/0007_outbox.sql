-- One event for one receiver, until the broker has confirmed it. Found by existence, deleted after the confirm.
CREATE TABLE outbox (
    subject   text COLLATE "C" NOT NULL,
    receiver  text COLLATE "C" NOT NULL,
    -- The epoch stands in the upper part, from bit 40 on: what is of an earlier one goes out first.
    number    bigint NOT NULL CHECK (number >= 0),
    event_id  bigint NOT NULL,
    event_day date   NOT NULL,
    -- The lane that publishes it.
    owner     bigint NOT NULL,
    -- Set aside until then, of one that the broker could not route; it stays until the row goes.
    retry_at  timestamptz,
    returns   bigint NOT NULL DEFAULT 0 CHECK (returns >= 0),
    -- Why it is set aside.
    because   text CHECK (because IN ('unroutable', 'not_taken', 'behind')),
    PRIMARY KEY (subject, receiver, number, event_id)
) WITH (
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000
);
-- Empty while every receiver is there.
CREATE INDEX outbox_set_aside ON outbox (subject, receiver, number) WHERE retry_at IS NOT NULL;
-- Whose turn it is of them.
CREATE INDEX outbox_turns ON outbox (owner, retry_at) WHERE retry_at IS NOT NULL;

-- Lanes that have taken a number. One whose advisory lock is free is dead: its rows are adopted.
CREATE SEQUENCE lane_number;
CREATE TABLE lanes (
    number     bigint PRIMARY KEY,
    instance   text        NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
);

-- A restore to an earlier point starts a new epoch: numbers count within it.
CREATE TABLE epochs (
    number     bigint PRIMARY KEY CHECK (number >= 1),
    started_at timestamptz NOT NULL DEFAULT now(),
    started_by text        NOT NULL,
    reason     text        NOT NULL
);
INSERT INTO epochs (number, started_by, reason) VALUES (1, current_user, 'first');
