-- What is to be done later. The same kind, order and reference again moves it.
CREATE TABLE due (
    kind         text COLLATE "C" NOT NULL CHECK (kind IN (
        'payment_timeout', 'release_delay', 'merge', 'amend_parcel', 'auto_receive', 'review_window', 'cancel_unanswered',
        'amend_unanswered',
        'hand_over_in_doubt', 'in_doubt', 'cash_unsettled', 'parked_too_long', 'revalidate', 'source_again',
        'backorder', 'passed_over', 'give_out', 'take_away', 'stock_changed')),
    -- Empty where none.
    order_number text COLLATE "C" NOT NULL,
    reference    text COLLATE "C" NOT NULL,
    due_at       timestamptz NOT NULL,
    -- When it may be claimed: when it is due, later while a lane has it.
    next_at      timestamptz NOT NULL,
    tries        bigint      NOT NULL DEFAULT 0 CHECK (tries >= 0),
    PRIMARY KEY (kind, order_number, reference)
) WITH (
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX due_next ON due (next_at);

-- How far a pass came that called as many of those who wait for a SKU as it may: the next (`give_out`) goes on behind this turn.
-- What those behind it want is kept from newcomers until then. An order that is not paid yet counts as paid last of all.
CREATE TABLE giving_out (
    sku       text COLLATE "C" PRIMARY KEY,
    rank      bigint      NOT NULL,
    since     timestamptz NOT NULL,
    placed_at timestamptz NOT NULL,
    number    text COLLATE "C" NOT NULL
);

-- What there was for an order that waits for stock when it was last looked at, by SKU@warehouse, and that it could not use.
CREATE TABLE waiting_looks (
    order_number text COLLATE "C" PRIMARY KEY,
    at           timestamptz NOT NULL,
    offered      json        NOT NULL
) WITH (fillfactor = 70);

-- Put into a queue, and back when all that stood before it was taken: what was due before `asked_at` may then be judged.
CREATE TABLE queue_markers (
    number      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue       text        NOT NULL,
    asked_at    timestamptz NOT NULL,
    returned_at timestamptz
);
