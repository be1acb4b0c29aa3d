-- How much there is of a SKU in a warehouse, within bounds in which sums can't overflow. The last check is the promise that nothing is oversold.
CREATE TABLE stock (
    sku           text COLLATE "C" NOT NULL,
    warehouse     text COLLATE "C" NOT NULL,
    on_hand       bigint NOT NULL CHECK (on_hand BETWEEN 0 AND 2000000000000000),
    reserved      bigint NOT NULL CHECK (reserved BETWEEN 0 AND 2000000000000000),
    safety        bigint NOT NULL CHECK (safety BETWEEN 0 AND 2000000000000000),
    missing       bigint NOT NULL CHECK (missing BETWEEN 0 AND 2000000000000000),
    low_threshold bigint NOT NULL CHECK (low_threshold BETWEEN 0 AND 2000000000000000),
    counted_at    timestamptz,
    event_counts  json   NOT NULL,
    PRIMARY KEY (sku, warehouse),
    CONSTRAINT stock_not_oversold CHECK (reserved <= on_hand + missing)
) WITH (
    fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);

-- Every change of stock. Never dropped; its sums are the stock.
CREATE TABLE stock_journal (
    sku          text COLLATE "C" NOT NULL,
    warehouse    text COLLATE "C" NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY (CACHE 100),
    at           timestamptz NOT NULL DEFAULT now(),
    kind         text        NOT NULL CHECK (kind IN (
        'reserve', 'release', 'move', 'deduct', 'receive', 'adjust', 'count', 'restock', 'take_away')),
    on_hand      bigint      NOT NULL,
    reserved     bigint      NOT NULL,
    missing      bigint      NOT NULL,
    order_number text COLLATE "C",
    line         bigint,
    reference    text,
    PRIMARY KEY (sku, warehouse, id)
);
