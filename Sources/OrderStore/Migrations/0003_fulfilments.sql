-- A warehouse's part. It has a row, counts and a lock of its own, since one fulfilment may carry several orders.
CREATE TABLE fulfilments (
    id             text COLLATE "C" PRIMARY KEY,
    -- The order that it was made for.
    order_number   text COLLATE "C" NOT NULL,
    warehouse      text COLLATE "C" NOT NULL,
    state          text   NOT NULL CHECK (state IN (
        'planned', 'released', 'accepted', 'picking', 'packed', 'partially_shipped', 'shipped', 'delivered', 'rejected',
        'cancelled', 'lost', 'returned_to_sender')),
    cancel         text   NOT NULL CHECK (cancel IN ('none', 'requested', 'agreed', 'refused', 'unanswered')),
    request_number bigint NOT NULL CHECK (request_number >= 0),
    -- As a rule or a person chose it.
    carrier        text,
    -- The parcel in which it travels with parts of other orders, and the request that asks for it to leave that.
    travels_in     text COLLATE "C",
    leave_number   bigint NOT NULL DEFAULT 0 CHECK (leave_number >= 0),
    -- How often it was handed over without an answer.
    unanswered     bigint NOT NULL CHECK (unanswered >= 0),
    -- The day whose work it is, of a warehouse that can't take on all that comes: days since 1970 in the rules' zone.
    workday        bigint,
        event_counts   json   NOT NULL,
    -- A change of it that the warehouse is asked for, under the number of its request.
    amend          text   NOT NULL DEFAULT 'none' CHECK (amend IN (
        'none', 'requested', 'agreed', 'refused', 'unanswered')),
    amend_request  bigint NOT NULL DEFAULT 0 CHECK (amend_request >= 0),
    amend_tries    bigint NOT NULL DEFAULT 0 CHECK (amend_tries >= 0),
    amends_receiver boolean NOT NULL DEFAULT false,
    -- Staff have chosen its carrier.
    carrier_by_staff boolean NOT NULL DEFAULT false,
    -- What its carrier was told last to collect of a cash order, minor units; and by the change that is asked for.
    collect        bigint DEFAULT NULL CHECK (collect >= 0),
    amend_collect  bigint DEFAULT NULL CHECK (amend_collect >= 0)
) WITH (fillfactor = 70);
-- Who travels together.
CREATE INDEX fulfilments_travels_in ON fulfilments (travels_in) WHERE travels_in IS NOT NULL;

-- What a fulfilment carries, of which order.
CREATE TABLE fulfilment_lines (
    order_number  text COLLATE "C" NOT NULL,
    fulfilment_id text COLLATE "C" NOT NULL,
    line          bigint NOT NULL,
    sku           text COLLATE "C" NOT NULL,
    quantity      bigint NOT NULL CHECK (quantity >= 0),
    reserved      bigint NOT NULL CHECK (reserved >= 0),
    shipped       bigint NOT NULL CHECK (shipped >= 0),
    cancelled     bigint NOT NULL CHECK (cancelled >= 0),
    -- The warehouse was asked last to leave out so many.
    asked         bigint NOT NULL DEFAULT 0 CHECK (asked >= 0),
    PRIMARY KEY (order_number, fulfilment_id, line),
    CHECK (shipped + cancelled <= quantity),
    CHECK (reserved <= quantity)
) WITH (fillfactor = 75);
-- Whose units a SKU's reservations are: what a count takes away is taken from these.
CREATE INDEX fulfilment_lines_reserved ON fulfilment_lines (sku) WHERE reserved > 0;

-- What left. Lines, quantities and units that were not to leave run in parallel and never change.
CREATE TABLE parcels (
    order_number    text COLLATE "C" NOT NULL,
    warehouse       text COLLATE "C" NOT NULL,
    shipment        text COLLATE "C" NOT NULL,
    fulfilment_id   text COLLATE "C" NOT NULL,
    carrier         text,
    tracking_number text,
    -- Of the whole parcel, also where it holds goods of several orders: grams, and minor units.
    weight          bigint,
    freight         bigint,
    shipped_at      timestamptz NOT NULL,
    state           text        NOT NULL CHECK (state IN ('shipped', 'delivered', 'lost', 'returned_to_sender')),
    delivered_at    timestamptz,
    lines           bigint[]    NOT NULL,
    quantities      bigint[]    NOT NULL,
    stopped         bigint[]    NOT NULL,
    PRIMARY KEY (order_number, warehouse, shipment),
    CHECK (cardinality(lines) = cardinality(quantities) AND cardinality(stopped) = cardinality(quantities))
);
-- Carriers name a parcel by its shipment alone, so that comes first. It may hold goods of several orders.
CREATE INDEX parcels_shipment ON parcels (shipment, warehouse);

CREATE TABLE tracking_checkpoints (
    order_number text COLLATE "C" NOT NULL,
    shipment     text COLLATE "C" NOT NULL,
    occurred_at  timestamptz NOT NULL,
    code         text COLLATE "C" NOT NULL,
    warehouse    text,
    description  text,
    place        text,
    PRIMARY KEY (order_number, shipment, occurred_at, code)
);
